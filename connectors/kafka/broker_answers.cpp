#include "kafka/broker_answers.hpp"

#include <chrono>
#include <memory>
#include <string_view>

#include "kafka/client_options.hpp"
#include "kafka/failure.hpp"
#include "kafka/metadata.hpp"

namespace sluice::engine::kafka {
namespace {

constexpr milliseconds broker_bound{200};

// An option may be a list too: "a:9092,b:9092", as a variable of the environment holds it.
std::vector<std::string> addresses_of(const OptionTexts& brokers) {
  std::vector<std::string> addresses;
  for (std::string_view text : brokers) {
    while (!text.empty()) {
      const std::size_t comma = std::min(text.find(','), text.size());
      const std::string_view address = text.substr(0, comma);
      const std::size_t first = address.find_first_not_of(' ');
      if (first != std::string_view::npos)
        addresses.emplace_back(address.substr(first, address.find_last_not_of(' ') - first + 1));
      text.remove_prefix(std::min(comma + 1, text.size()));
    }
  }
  return addresses;
}

class Asked {
 public:
  Asked(std::string address, const rd_kafka_conf_t& conf) : address_(std::move(address)) {
    Conf own(rd_kafka_conf_dup(&conf));
    set(*own, "bootstrap.servers", address_);
    rd_kafka_conf_set_opaque(own.get(), this);
    rd_kafka_conf_set_error_cb(own.get(), on_error);
    auto made = make_client(RD_KAFKA_CONSUMER, std::move(own), Code::configuration_invalid);
    if (made)
      client_ = std::move(*made);
    else
      reason_ = made.error().message;
  }
  Asked(const Asked&) = delete;
  Asked& operator=(const Asked&) = delete;

  // True when nothing more is to be learned.
  [[nodiscard]] bool ask() {
    if (!client_) return true;
    answered_ = ask_brokers(*client_, broker_bound) == RD_KAFKA_RESP_ERR_NO_ERROR;
    if (!answered_) rd_kafka_poll(client_.get(), 0);  // errors are heard here
    return answered_ || is_authentication(error_);
  }

  [[nodiscard]] BrokerAnswer answer() const {
    if (answered_) return {address_, RD_KAFKA_RESP_ERR_NO_ERROR, {}};
    return {address_, error_, reason_};
  }

 private:
  static void on_error(rd_kafka_t*, int error, const char* reason, void* self) {
    auto& asked = *static_cast<Asked*>(self);
    const std::string_view text = reason != nullptr ? reason : "";
    const auto code = cause_of(static_cast<rd_kafka_resp_err_t>(error), text);
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || is_authentication(asked.error_)) return;
    asked.error_ = code;
    asked.reason_ = text;
  }

  std::string address_;
  Client client_;
  bool answered_ = false;
  rd_kafka_resp_err_t error_ = RD_KAFKA_RESP_ERR__TIMED_OUT;
  std::string reason_;
};

}  // namespace

std::vector<BrokerAnswer> ask_each_broker(const OptionTexts& brokers, const rd_kafka_conf_t& conf,
                                          milliseconds at_most) {
  std::vector<std::unique_ptr<Asked>> all;
  for (std::string& address : addresses_of(brokers))
    all.push_back(std::make_unique<Asked>(std::move(address), conf));

  std::vector<Asked*> open;
  for (const auto& asked : all) open.push_back(asked.get());
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (!open.empty() && std::chrono::steady_clock::now() < deadline)
    std::erase_if(open, [](Asked* asked) { return asked->ask(); });

  std::vector<BrokerAnswer> answers;
  for (const auto& asked : all) answers.push_back(asked->answer());
  return answers;
}

}  // namespace sluice::engine::kafka
