#include "admin/http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/manual_clock.hpp"

namespace sluice::engine {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpTest : public testing::Test {
 protected:
  std::vector<Page> pages() {
    return {{"/status", "application/json", [this] { return Answer{"made " + std::to_string(++made)}; }},
            {"/sick", "text/plain",
             [] {
               return Answer{"mongodb://user:hunter2@db/x is away", 503};
             }},
            {"/", "text/html", [] { return Answer{"<html>"}; }, true}};
  }
  Reply ask(const std::string& head) { return http.answer(head); }

  int made = 0;
  ManualClock clock;
  Http http{pages(), "", clock};
};

std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST_F(HttpTest, shows_a_page) {
  const Reply reply = ask(get("/status"));
  EXPECT_THAT(reply.bytes, AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Type: application/json\r\n"),
                                 HasSubstr("Cache-Control: no-store\r\n"), EndsWith("\r\n\r\nmade 1")));
  EXPECT_FALSE(reply.close);
}

TEST_F(HttpTest, answers_head_with_the_same_head_and_no_body) {
  EXPECT_THAT(ask("HEAD /status HTTP/1.1\r\n\r\n").bytes,
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 6\r\n"), EndsWith("\r\n\r\n")));
}

TEST_F(HttpTest, makes_a_page_at_most_ten_times_a_second) {
  for (int i = 0; i < 5; ++i) EXPECT_THAT(ask(get("/status")).bytes, EndsWith("made 1"));
  clock.advance(milliseconds(100));
  EXPECT_THAT(ask(get("/status")).bytes, EndsWith("made 2"));
}

TEST_F(HttpTest, says_which_pages_there_are) {
  EXPECT_THAT(ask(get("/unknown")).bytes,
              AllOf(StartsWith("HTTP/1.1 404"), HasSubstr("there are: /status, /sick, /")));
}

TEST_F(HttpTest, does_not_send_a_page_again_to_whoever_has_it) {
  Http web({{.path = "/a.css",
             .content_type = "text/css",
             .make = [] { return Answer{"body"}; },
             .open = true,
             .etag = "\"1f\"",
             .headers = {{"Content-Security-Policy", "default-src 'none'"}}}},
           "token", clock);
  EXPECT_THAT(web.answer(get("/a.css")).bytes,
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("ETag: \"1f\"\r\n"),
                    HasSubstr("Cache-Control: no-cache\r\n"), Not(HasSubstr("no-store")),
                    HasSubstr("Content-Security-Policy: default-src 'none'\r\n"), EndsWith("body")));
  EXPECT_THAT(web.answer(get("/a.css", "If-None-Match: W/\"1f\"\r\n")).bytes,
              AllOf(StartsWith("HTTP/1.1 304"), HasSubstr("ETag: \"1f\"\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_THAT(web.answer(get("/a.css", "If-None-Match: \"2e\"\r\n")).bytes, EndsWith("body"));
}

TEST_F(HttpTest, names_no_parts_of_pages_to_whoever_looks_for_one) {
  Http web({{"/", "text/html", [] { return Answer{"page"}; }},
            {"/page/a.css", "text/css", [] { return Answer{}; }}},
           "", clock);
  EXPECT_THAT(web.answer(get("/unknown")).bytes, HasSubstr("there are: /\""));
}

TEST_F(HttpTest, takes_no_other_methods) {
  for (const std::string method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
    EXPECT_THAT(ask(method + " /status HTTP/1.1\r\n\r\n").bytes,
                AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET, HEAD\r\n")))
        << method;
}

TEST_F(HttpTest, takes_no_body_and_nothing_after_it) {
  const Reply sized = ask(get("/status", "Content-Length: 5\r\n"));
  EXPECT_THAT(sized.bytes, StartsWith("HTTP/1.1 413"));
  EXPECT_TRUE(sized.close);
  const Reply chunked = ask(get("/status", "Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(chunked.bytes, StartsWith("HTTP/1.1 413"));
  EXPECT_TRUE(chunked.close);
}

TEST_F(HttpTest, refuses_what_is_no_request) {
  for (const std::string rubbish :
       {"\r\n\r\n", "BREW /pot HTTP/1.1\r\n\r\n", "\x16\x03\x01\r\n\r\n", "GET\r\n\r\n"}) {
    const Reply reply = ask(rubbish);
    EXPECT_TRUE(reply.close) << rubbish;
    EXPECT_THAT(reply.bytes, Not(StartsWith("HTTP/1.1 2"))) << rubbish;
  }
}

TEST_F(HttpTest, sends_answers_whole_and_uncompressed) {
  const Reply reply = ask(get("/status", "Range: bytes=0-,0-,0-\r\nAccept-Encoding: gzip, br\r\n"));
  EXPECT_THAT(reply.bytes,
              AllOf(StartsWith("HTTP/1.1 200"), Not(HasSubstr("Content-Encoding")), EndsWith("made 1")));
}

TEST_F(HttpTest, closes_when_it_is_asked_to) {
  EXPECT_TRUE(ask(get("/status", "Connection: close\r\n")).close);
  EXPECT_TRUE(ask("GET /status HTTP/1.0\r\n\r\n").close);
}

TEST_F(HttpTest, keeps_the_user_info_of_addresses_to_itself) {
  EXPECT_THAT(ask(get("/sick")).bytes,
              AllOf(StartsWith("HTTP/1.1 503"), EndsWith("mongodb://***@db/x is away")));
}

TEST_F(HttpTest, asks_for_the_token_but_not_for_what_every_copy_holds) {
  Http guarded(pages(), "secret", clock);
  const auto status_with = [&](const std::string& headers) {
    return guarded.answer(get("/status", headers)).bytes;
  };
  EXPECT_THAT(status_with(""), AllOf(StartsWith("HTTP/1.1 401"), HasSubstr("WWW-Authenticate: Bearer\r\n")));
  for (const std::string wrong :
       {"Bearer ", "Bearer secre", "Bearer secrets", "Bearer SECRET", "Basic secret", "secret"})
    EXPECT_THAT(status_with("Authorization: " + wrong + "\r\n"), StartsWith("HTTP/1.1 401")) << wrong;
  EXPECT_THAT(guarded.answer(get("/unknown")).bytes, StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(status_with("Authorization: Bearer secret\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(guarded.answer(get("/")).bytes, StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace sluice::engine
