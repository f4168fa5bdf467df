#include "top/source.hpp"

#include <httplib.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace sluice::engine::top {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view http = "http://";

class File final : public StatusSource {
 public:
  explicit File(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& name() const noexcept override { return path_; }

  [[nodiscard]] Answer ask() override {
    std::ifstream file(path_, std::ios::binary);
    if (!file) return {std::nullopt, path_ + ": " + std::generic_category().message(errno)};
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) return {std::nullopt, path_ + " is empty"};
    return parse_status(text);
  }

 private:
  std::string path_;
};

class Endpoint final : public StatusSource {
 public:
  Endpoint(const std::string& address, std::string path, const std::string& token)
      : name_(address), path_(std::move(path)), client_(std::string(http) + address) {
    // Longer than an answer of a busy engine takes, shorter than a person wonders.
    client_.set_connection_timeout(2s);
    client_.set_read_timeout(3s);
    client_.set_write_timeout(2s);
    client_.set_keep_alive(true);
    client_.set_follow_location(false);  // the token goes nowhere else
    if (!token.empty()) client_.set_bearer_token_auth(token.c_str());
  }

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }

  [[nodiscard]] Answer ask() override {
    const httplib::Result result = client_.Get(path_.c_str());
    if (!result) return {std::nullopt, reason(result.error())};
    if (result->status == 401 || result->status == 403)
      return {std::nullopt, "it refuses without the right token: set SLUICE_ADMIN_TOKEN, or give --token"};
    if (result->status != 200)
      return {std::nullopt, "it answers with status " + std::to_string(result->status) + " to GET " + path_};
    return parse_status(result->body);
  }

 private:
  [[nodiscard]] static std::string reason(httplib::Error error) {
    switch (error) {
      case httplib::Error::Connection:
        return "nobody listens there, or its name is unknown";
      case httplib::Error::ConnectionTimeout:
        return "connecting takes too long";
      case httplib::Error::Read:
        return "it does not answer, or not in time";
      default:
        return "the connection breaks (" + httplib::to_string(error) + ")";
    }
  }

  std::string name_;
  std::string path_;
  httplib::Client client_;
};

}  // namespace

std::unique_ptr<StatusSource> open_source(const std::string& place, const std::string& token) {
  if (place.empty()) throw std::invalid_argument("where is the status? Give a URL or a file");
  if (!place.starts_with(http)) {
    if (place.find("://") != std::string::npos)
      throw std::invalid_argument("\"" + place.substr(0, place.find(':')) +
                                  "\" is not spoken here: the address starts with http://");
    return std::make_unique<File>(place);
  }
  const std::string rest = place.substr(http.size());
  const std::string address = rest.substr(0, rest.find('/'));
  if (address.empty() || address.find('@') != std::string::npos)
    throw std::invalid_argument("the address is http://HOST:PORT; a token is given by SLUICE_ADMIN_TOKEN");
  std::string path = rest.substr(address.size());
  if (path.empty() || path == "/") path = "/status";
  return std::make_unique<Endpoint>(address, std::move(path), token);
}

}  // namespace sluice::engine::top
