#include "admin/endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "client.hpp"

namespace sluice::engine {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view ask = "GET /p HTTP/1.1\r\n\r\n";
constexpr std::string_view ask_once = "GET /p HTTP/1.1\r\nConnection: close\r\n\r\n";

class EndpointTest : public testing::Test {
 protected:
  Endpoint& start(const Endpoint::Limits& limits = {}, std::string body = "page!") {
    const AdminConfig config{{"127.0.0.1", 0}, ""};
    std::vector<Page> pages{{"/p", "text/plain", [body] { return Answer{body}; }}};
    endpoint_ = std::make_unique<Endpoint>(config, std::move(pages), clock_, limits);
    return *endpoint_;
  }
  [[nodiscard]] Client connect() const { return Client(endpoint_->address().port); }
  void expect_answers() const {
    const Client probe = connect();
    probe.send(ask_once);
    EXPECT_THAT(probe.read_all(), EndsWith("page!"));
  }

  SystemClock clock_;
  std::unique_ptr<Endpoint> endpoint_;
};

TEST_F(EndpointTest, says_which_port_it_got) {
  EXPECT_GT(start().address().port, 0);
  expect_answers();
}

TEST_F(EndpointTest, answers_again_and_again_on_one_connection) {
  start();
  const Client client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(ask);
    EXPECT_THAT(client.read_until("page!"), EndsWith("page!"));
  }
}

TEST_F(EndpointTest, answers_requests_that_come_together_in_order) {
  start();
  const Client client = connect();
  client.send(std::string(ask).append("GET /none HTTP/1.1\r\n\r\n").append(ask_once));
  const std::string answers = client.read_all();
  EXPECT_THAT(answers, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answers, HasSubstr("HTTP/1.1 404"));
  EXPECT_THAT(answers, EndsWith("page!"));
}

TEST_F(EndpointTest, takes_a_request_in_pieces) {
  start();
  const Client client = connect();
  for (const char byte : ask_once) client.send({&byte, 1});
  EXPECT_THAT(client.read_all(), EndsWith("page!"));
}

TEST_F(EndpointTest, sends_an_answer_larger_than_any_buffer) {
  const std::string large(20'000'000, 'x');
  start({}, large);
  const Client client = connect();
  client.send(ask_once);
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + large)) << answer.size();
}

TEST_F(EndpointTest, refuses_a_head_without_end) {
  start();
  const Client client = connect();
  client.send("GET /p HTTP/1.1\r\nX: " + std::string(1'000'000, 'x'));
  EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 431"));
  expect_answers();
}

TEST_F(EndpointTest, closes_on_a_client_that_does_not_finish_its_request) {
  start({.request_time = milliseconds(50)});
  const Client client = connect();
  client.send("GET /p HTT");
  EXPECT_EQ(client.read_all(), "");
}

TEST_F(EndpointTest, closes_on_a_client_that_does_not_take_its_answer) {
  start({.answer_time = milliseconds(50)}, std::string(50'000'000, 'x'));
  const Client client = connect();
  client.send(ask_once);
  const std::string some = client.read_until("HTTP");
  const Client other = connect();
  other.send("GET /none HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.read_all(), StartsWith("HTTP/1.1 404")) << "nobody else waits for it";
}

TEST_F(EndpointTest, makes_room_for_those_who_ask_when_all_places_are_taken_by_the_silent) {
  start({.connections = 8});
  std::vector<Client> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(connect());
  expect_answers();
}

TEST_F(EndpointTest, says_that_a_port_is_in_use_and_what_to_do) {
  const AdminConfig same{start().address(), ""};
  try {
    const Endpoint second(same, {}, clock_);
    FAIL() << "two endpoints on one port";
  } catch (const ConfigurationError& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on 127.0.0.1:"));
    EXPECT_THAT(error.what(), HasSubstr("in use"));
    EXPECT_THAT(error.what(), HasSubstr("--admin"));
  }
}

}  // namespace
}  // namespace sluice::engine
