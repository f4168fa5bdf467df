#include "webhook.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>

namespace notify {
namespace {

// The event's id, or where it stands in the source; nothing that a header could not hold.
std::string identity(const sluice::Event& event) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string plain(event.id());
  if (plain.empty())
    plain = std::string(event.topic()) + '/' + std::to_string(event.partition()) + '/' +
            std::to_string(event.position());
  std::string identity;
  for (const char c : plain) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && c != '%')
      identity += c;
    else
      ((identity += '%') += digits[byte >> 4U]) += digits[byte & 15U];
  }
  return identity;
}

void append(std::string& body, std::string_view name, const nlohmann::json& value) {
  (((body += body.empty() ? "{\"" : ",\"") += name) += "\":") += value.dump();
}

// The payload goes out as it came, so that not a digit of its numbers changes.
void write_body(const sluice::Event& event, std::string& body) {
  body.clear();
  append(body, "id", event.id());
  append(body, "type", event.type());
  append(body, "aggregate_type", event.aggregate_type());
  append(body, "aggregate_id", event.aggregate_id());
  if (const auto created = event.created()) append(body, "created_at", sluice::Date(*created).text());
  ((body += ",\"payload\":") += event.payload_json()) += '}';
}

bool worth_a_retry(int status) {
  constexpr int request_timeout = 408;
  constexpr int too_early = 425;
  constexpr int too_many_requests = 429;
  return status == request_timeout || status == too_early || status == too_many_requests || status >= 500;
}

bool is_overloaded(int status) { return status == 429 || status == 503; }

}  // namespace

Url parse_url(const std::string& text) {
  const auto refuse = [&](const std::string& why) { throw sluice::Reject("the option url " + why); };
  const std::size_t scheme_end = text.find("://");
  const std::string scheme = text.substr(0, scheme_end);
  if (scheme_end == std::string::npos || (scheme != "http" && scheme != "https"))
    refuse("must begin with http:// or https://");
  const std::size_t host = scheme_end + 3;
  const std::size_t path = text.find('/', host);
  const std::string authority = text.substr(host, path == std::string::npos ? path : path - host);
  if (authority.empty()) refuse("names no host");
  if (authority.find('@') != std::string::npos)
    refuse("must not hold a user or password; use the option token");
  return {scheme + "://" + authority, path == std::string::npos ? "/" : text.substr(path)};
}

Webhook::Webhook(const sluice::Options& options)
    : url_(parse_url(options.text("url"))), client_(url_.server) {
  if (!client_.is_valid())
    throw sluice::Reject("the option url is no address that can be used: " + url_.server);
  const auto timeout = options.duration("timeout");
  client_.set_connection_timeout(timeout);
  client_.set_read_timeout(timeout);
  client_.set_write_timeout(timeout);
  client_.set_keep_alive(true);
  client_.set_tcp_nodelay(true);
  const std::string token = options.text("token");
  if (!token.empty()) client_.set_bearer_token_auth(token);
}

void Webhook::deliver(std::span<sluice::Delivery> batch) {
  for (sluice::Delivery& delivery : batch)
    if (post(delivery) == Next::stop) return;
}

Webhook::Next Webhook::post(sluice::Delivery& delivery) {
  const sluice::Event& event = delivery.event();
  if (!nlohmann::json::accept(event.payload_json())) {
    delivery.reject("the payload is not valid JSON");
    return Next::go_on;
  }
  write_body(event, body_);
  const httplib::Headers headers{{"Idempotency-Key", identity(event)}};
  const auto response = client_.Post(url_.path, headers, body_, "application/json");
  if (!response) {
    delivery.retry(url_.server + " does not answer: " + httplib::to_string(response.error()));
    return Next::stop;
  }
  const int status = response->status;
  const std::string answer = url_.server + " answered " + std::to_string(status);
  if (status >= 200 && status < 300)
    delivery.done();
  else if (worth_a_retry(status))
    delivery.retry(answer);
  else
    delivery.reject(answer);
  return is_overloaded(status) ? Next::stop : Next::go_on;
}

}  // namespace notify
