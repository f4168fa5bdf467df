#include <cctype>
#include <chrono>

#include "kafka/broker_answers.hpp"
#include "kafka/examine.hpp"
#include "kafka/failure.hpp"

namespace sluice::engine::kafka {
namespace {

std::string way_in(rd_kafka_resp_err_t error) {
  if (const std::string_view advised = advice(error); !advised.empty())
    return static_cast<char>(std::toupper(static_cast<unsigned char>(advised.front()))) +
           std::string(advised.substr(1)) + ".";
  return "See that a broker listens there and can be reached from here, and that tls and sasl are those of "
         "this "
         "listener.";
}

}  // namespace

bool examine_brokers(const OptionTexts& brokers, const rd_kafka_conf_t& conf, milliseconds patience,
                     Findings& findings) {
  bool any = false;
  const auto answers = ask_each_broker(brokers, conf, patience);
  for (const BrokerAnswer& answer : answers) any = any || answer.error == RD_KAFKA_RESP_ERR_NO_ERROR;
  for (const BrokerAnswer& answer : answers) {
    const std::string subject = "broker " + answer.address;
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      findings.ok(subject, "Answers and lets us in.");
      continue;
    }
    const std::string reason = answer.reason.empty() ? rd_kafka_err2str(answer.error) : answer.reason;
    const std::string what = "Does not let us in or does not answer: " + reason + ".";
    if (any)
      findings.warn(subject, what, "The others are enough now; correct `brokers` for the day they are not.");
    else
      findings.problem(subject, what, way_in(answer.error));
  }
  return any;
}

TopicAnswer examine_topic(rd_kafka_t& client, const std::string& topic, milliseconds patience) {
  constexpr milliseconds question{1000};  // one that was just made may be unknown for a moment
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    TopicAnswer answer = ask_topic(client, topic, std::min(patience, question));
    if (answer.error == RD_KAFKA_RESP_ERR_NO_ERROR || gravity(answer.error) == Gravity::fatal ||
        std::chrono::steady_clock::now() >= deadline)
      return answer;
  }
}

std::string way_out(rd_kafka_resp_err_t error, std::string_view grant) {
  if (gravity(error) == Gravity::passing)
    return "See that the brokers answer, and look again with a longer --timeout.";
  return std::string(grant);
}

Result<Client> examining_client(const rd_kafka_conf_t& conf) {
  auto client = make_client(RD_KAFKA_CONSUMER, Conf(rd_kafka_conf_dup(&conf)), Code::configuration_invalid);
  if (client) rd_kafka_poll_set_consumer(client->get());
  return client;
}

}  // namespace sluice::engine::kafka
