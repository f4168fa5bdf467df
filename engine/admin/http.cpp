#include "admin/http.hpp"

#include <httplib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "config/redact.hpp"
#include "observe/status_json.hpp"

namespace sluice::engine {
namespace {

constexpr milliseconds page_lifetime{100};

std::string error_text(const std::string& message) { return json_line({{"error", message}}) + '\n'; }

// Takes as long for a wrong token as for the right one.
bool same_secret(std::string_view given, std::string_view wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const char one = i < given.size() ? given[i] : '\0';
    difference |= static_cast<unsigned>(static_cast<unsigned char>(one ^ wanted[i]));
  }
  return difference == 0;
}

// A request that is in memory already, and the answer to it.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view request) : request_(request) {}

  [[nodiscard]] bool is_readable() const override { return !request_.empty(); }
  [[nodiscard]] bool is_writable() const override { return true; }
  ssize_t read(char* to, std::size_t size) override {
    const std::size_t count = request_.copy(to, size);
    request_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, std::size_t size) override {
    answer_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

  [[nodiscard]] std::string take_answer() { return std::move(answer_); }

 private:
  std::string_view request_;
  std::string answer_;
};

}  // namespace

// httplib's server without its sockets and threads.
class Http::Messages final : private httplib::Server {
 public:
  Messages(std::vector<Page> pages, std::string token, const Clock& clock)
      : token_(std::move(token)), clock_(clock) {
    for (Page& page : pages) pages_.push_back({std::move(page), {}, std::nullopt});
    set_default_headers({{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}});
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
      return HandlerResponse::Handled;
    });
    // What httplib itself refuses gets a body as well.
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty() && response.status != 304)
        response.set_content(error_text("this is no request that sluice understands"), json_type);
    });
  }

  [[nodiscard]] Reply reply_to(std::string_view head) {
    MemoryStream stream(head);
    bool close = false;
    body_ = false;
    const bool understood =
        process_request(stream, false, close, [](httplib::Request& request) { simplify(request); });
    Reply reply{stream.take_answer(), close || !understood || body_};
    if (reply.bytes.starts_with("HTTP/1.1 400")) reply.close = true;  // who knows what comes next
    return reply;
  }

 private:
  struct Shown {
    Page page;
    Answer answer;
    std::optional<Instant> made;
  };

  // Answers are sent whole and as they are: parts and compression would cost the pipelines' time.
  static void simplify(httplib::Request& request) {
    request.ranges.clear();
    request.headers.erase("Accept-Encoding");
    request.headers.erase("Expect");
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    const std::string length = request.get_header_value("Content-Length");
    body_ = request.has_header("Transfer-Encoding") || (!length.empty() && length != "0");
    Shown* const shown = find(request.path);
    const bool open = shown != nullptr && shown->page.open;
    if (!open && !may_ask(request)) {
      response.set_header("WWW-Authenticate", "Bearer");
      return refuse(response, 401, "a token is needed: Authorization: Bearer TOKEN");
    }
    if (request.method != "GET" && request.method != "HEAD") {
      response.set_header("Allow", "GET, HEAD");
      return refuse(response, 405, "only GET and HEAD are answered here");
    }
    if (body_) return refuse(response, 413, "a request takes no body here");
    if (shown == nullptr) return refuse(response, 404, "there is no such page; there are: " + paths());
    if (!known_already(*shown, request, response)) show(*shown, response);
  }

  static bool known_already(const Shown& shown, const httplib::Request& request,
                            httplib::Response& response) {
    const Page& page = shown.page;
    for (const auto& [name, value] : page.headers) response.set_header(name.c_str(), value);
    if (page.etag.empty()) return false;
    response.set_header("ETag", page.etag);
    response.headers.erase("Cache-Control");
    response.set_header("Cache-Control", "no-cache");  // kept, but asked for whether it still holds
    if (request.get_header_value("If-None-Match").find(page.etag) == std::string::npos) return false;
    response.status = 304;
    return true;
  }

  static void refuse(httplib::Response& response, int status, const std::string& message) {
    response.status = status;
    response.set_content(error_text(message), json_type);
  }

  void show(Shown& shown, httplib::Response& response) {
    const Instant now = clock_.now();
    if (!shown.made || now - *shown.made >= page_lifetime) {
      shown.answer = shown.page.make();
      // Reasons come from libraries and plugins: whatever address they quote, its user info stays here.
      if (!shown.page.open) shown.answer.body = config::without_user_info(shown.answer.body);
      shown.made = now;
    }
    response.status = shown.answer.status;
    response.set_content(shown.answer.body, shown.page.content_type);
  }

  [[nodiscard]] bool may_ask(const httplib::Request& request) const {
    if (token_.empty()) return true;
    constexpr std::string_view scheme = "Bearer ";
    const std::string given = request.get_header_value("Authorization");
    return given.starts_with(scheme) && same_secret(std::string_view(given).substr(scheme.size()), token_);
  }

  [[nodiscard]] Shown* find(std::string_view path) {
    const auto found = std::ranges::find_if(pages_, [&](const Shown& one) { return one.page.path == path; });
    return found == pages_.end() ? nullptr : &*found;
  }

  [[nodiscard]] std::string paths() const {
    std::string text;
    for (const Shown& shown : pages_)
      if (!is_part(shown.page)) text += (text.empty() ? "" : ", ") + shown.page.path;
    return text;
  }

  // "/page/style.css": another page asks for it.
  static bool is_part(const Page& page) { return page.path.find('/', 1) != std::string::npos; }

  std::vector<Shown> pages_;
  const std::string token_;
  const Clock& clock_;
  bool body_ = false;  // the request at hand brings one
};

Http::Http(std::vector<Page> pages, std::string token, const Clock& clock)
    : messages_(std::make_unique<Messages>(std::move(pages), std::move(token), clock)) {}
Http::~Http() = default;

Reply Http::answer(std::string_view head) { return messages_->reply_to(head); }

Reply Http::too_large() {
  const std::string body = error_text("the request is too large");
  return {"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Type: " +
              std::string(json_type) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body,
          true};
}

}  // namespace sluice::engine
