#include <gmock/gmock.h>
#include <httplib.h>

#include <mutex>
#include <sluice/testing.hpp>
#include <thread>

namespace {

using nlohmann::json;
using sluice::testing::Given;
using sluice::testing::Result;
using testing::HasSubstr;

// An endpoint on a free port of the loopback that answers as told and remembers what it was asked.
class Endpoint {
 public:
  Endpoint() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      response.status = status_;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();  // stop() before that would be lost
  }
  ~Endpoint() {
    server_.stop();
    thread_.join();
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  void answer(int status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  [[nodiscard]] std::vector<httplib::Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  httplib::Server server_;
  std::mutex mutex_;
  std::vector<httplib::Request> requests_;
  int status_ = 200;
  int port_ = 0;
  std::thread thread_;
};

std::vector<Result> deliver(const std::string& url, const std::vector<Given>& batch,
                            const std::string& token = "") {
  static const sluice::testing::Plugin plugin(sluice_plugin_entry);
  return plugin.make("webhook", {{"url", url}, {"token", token}, {"timeout", "5s"}})->deliver(batch);
}

TEST(Webhook, posts_an_event_as_json_with_its_identity) {
  Endpoint endpoint;
  Given event{.type = "UserCreated", .payload = R"({"n": 1.50, "user": "Zoë"})"};
  event.aggregate_type = "user";
  event.aggregate_id = "u-1";
  event.created = sluice::Time(std::chrono::microseconds{1'795'248'392'584'684});
  const auto results = deliver(endpoint.url(), {event}, "s3cret");
  EXPECT_EQ(results.at(0).outcome, "ok") << results.at(0).reason;

  ASSERT_EQ(endpoint.requests().size(), 1U);
  const httplib::Request request = endpoint.requests()[0];
  EXPECT_EQ(request.get_header_value("Authorization"), "Bearer s3cret");
  EXPECT_EQ(request.get_header_value("Idempotency-Key"), event.id);
  EXPECT_EQ(request.get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(json::parse(request.body), (json{{"id", event.id},
                                             {"type", "UserCreated"},
                                             {"aggregate_type", "user"},
                                             {"aggregate_id", "u-1"},
                                             {"created_at", "2026-11-21T08:06:32.584Z"},
                                             {"payload", {{"n", 1.5}, {"user", "Zoë"}}}}));
  EXPECT_THAT(request.body, HasSubstr(R"("payload":{"n": 1.50,)")) << "the payload's own text";
}

TEST(Webhook, names_an_event_without_id_by_its_place) {
  Endpoint endpoint;
  Given event{.type = "A", .id = "", .topic = "outbox", .partition = 3, .position = 17};
  deliver(endpoint.url(), {event});
  EXPECT_EQ(endpoint.requests().at(0).get_header_value("Idempotency-Key"), "outbox/3/17");
}

TEST(Webhook, lets_no_identity_add_headers_of_its_own) {
  Endpoint endpoint;
  deliver(endpoint.url(), {Given{.type = "A", .id = "one\r\nAuthorization: Bearer two"}});
  EXPECT_FALSE(endpoint.requests().at(0).has_header("Authorization"));
  EXPECT_EQ(endpoint.requests().at(0).get_header_value("Idempotency-Key"), "one\r\nAuthorization: Bearer two")
      << "this server decodes what was encoded";
}

TEST(Webhook, sends_no_authorization_without_a_token) {
  Endpoint endpoint;
  deliver(endpoint.url(), {Given{.type = "A"}});
  EXPECT_FALSE(endpoint.requests().at(0).has_header("Authorization"));
}

TEST(Webhook, keeps_its_connection_for_a_batch) {
  Endpoint endpoint;
  const auto results = deliver(endpoint.url(), {Given{.type = "A"}, Given{.type = "B"}, Given{.type = "C"}});
  for (const Result& result : results) EXPECT_EQ(result.outcome, "ok") << result.reason;
  const auto requests = endpoint.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].remote_port, requests[2].remote_port);
}

TEST(Webhook, takes_every_2xx_for_done) {
  Endpoint endpoint;
  for (const int status : {200, 201, 202, 204}) {
    endpoint.answer(status);
    EXPECT_EQ(deliver(endpoint.url(), {Given{.type = "A"}}).at(0).outcome, "ok") << status;
  }
}

TEST(Webhook, tries_again_what_may_yet_succeed) {
  Endpoint endpoint;
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) {
    endpoint.answer(status);
    const auto results = deliver(endpoint.url(), {Given{.type = "A"}});
    EXPECT_EQ(results.at(0).outcome, "retry") << status;
    EXPECT_THAT(results.at(0).reason, HasSubstr("answered " + std::to_string(status)));
  }
}

TEST(Webhook, rejects_what_never_will) {
  Endpoint endpoint;
  for (const int status : {302, 400, 401, 404, 410, 422}) {
    endpoint.answer(status);
    EXPECT_EQ(deliver(endpoint.url(), {Given{.type = "A"}}).at(0).outcome, "rejected") << status;
  }
}

TEST(Webhook, tries_the_whole_batch_again_when_nobody_answers) {
  const std::string url = [] {
    const Endpoint gone;
    return gone.url();
  }();
  const auto results = deliver(url, {Given{.type = "A"}, Given{.type = "B"}}, "s3cret");
  EXPECT_EQ(results.at(0).outcome, "retry");
  EXPECT_EQ(results.at(1).outcome, "retry");
  EXPECT_THAT(results.at(0).reason, HasSubstr("does not answer"));
  EXPECT_THAT(results.at(0).reason, testing::Not(HasSubstr("s3cret")));
}

TEST(Webhook, leaves_the_rest_of_a_batch_for_later_when_it_is_told_to_slow_down) {
  Endpoint endpoint;
  endpoint.answer(429);
  const auto results = deliver(endpoint.url(), {Given{.type = "A"}, Given{.type = "B"}});
  EXPECT_EQ(results.at(1).outcome, "retry");
  EXPECT_EQ(endpoint.requests().size(), 1U);
}

TEST(Webhook, rejects_a_payload_that_is_not_json) {
  Endpoint endpoint;
  EXPECT_EQ(deliver(endpoint.url(), {Given{.type = "A", .payload = "{"}}).at(0).outcome, "rejected");
  EXPECT_TRUE(endpoint.requests().empty());
}

TEST(Webhook, refuses_addresses_that_it_cannot_use) {
  for (const char* url :
       {"", "example.org", "ftp://example.org", "http://", "http:///x", "http://me:pw@example.org/"})
    EXPECT_THROW(deliver(url, {}), sluice::Reject) << url;
}

}  // namespace
