#include "kafka/failure.hpp"

namespace sluice::engine::kafka {

Gravity gravity(rd_kafka_resp_err_t error) noexcept {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
    case RD_KAFKA_RESP_ERR_SECURITY_DISABLED:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
    case RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
      return Gravity::fatal;
    default:
      return Gravity::passing;
  }
}

rd_kafka_resp_err_t cause_of(rd_kafka_resp_err_t error, std::string_view reason) noexcept {
  if (error != RD_KAFKA_RESP_ERR__TRANSPORT) return error;
  const auto tells = [&](std::string_view word) { return reason.find(word) != std::string_view::npos; };
  const bool refused = tells(" alert ") && (tells("certificate") || tells("unknown ca"));
  return refused ? RD_KAFKA_RESP_ERR__SSL : error;
}

bool is_authentication(rd_kafka_resp_err_t error) noexcept {
  return error == RD_KAFKA_RESP_ERR__AUTHENTICATION || error == RD_KAFKA_RESP_ERR__SSL ||
         error == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;
}

std::string_view advice(rd_kafka_resp_err_t error) noexcept {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return "check sasl, username and password";
    case RD_KAFKA_RESP_ERR__SSL:
      return "check tls, tls_ca, tls_cert and tls_key";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "the user needs the rights to describe and read, or write, the topic";
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return "the user needs the right to read the group";
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return "the user lacks a right on the cluster";
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return "another process runs with the same instance_id in this group: give each its own";
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
      return "the other members of the group use another assignment: set the same for all";
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
      return "client: session.timeout.ms must be within the broker's bounds";
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return "raise max.message.bytes of the topic";
    case RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR:
      return "create.replication must not exceed the number of brokers";
    default:
      return {};
  }
}

std::string explain(std::string_view what, rd_kafka_resp_err_t error, std::string_view reason) {
  std::string text(what);
  text.append(": ").append(reason.empty() ? std::string_view(rd_kafka_err2str(error)) : reason);
  if (const std::string_view way_out = advice(error); !way_out.empty()) text.append("; ").append(way_out);
  return text;
}

Error source_error(std::string_view what, rd_kafka_resp_err_t error, std::string_view reason) {
  const bool passes = gravity(error) == Gravity::passing;
  return {passes ? Code::source_unavailable : Code::source_fatal, explain(what, error, reason)};
}

Error letters_error(std::string_view what, rd_kafka_resp_err_t error, std::string_view reason) {
  const bool passes = gravity(error) == Gravity::passing;
  return {passes ? Code::dead_letters_unavailable : Code::dead_letters_fatal, explain(what, error, reason)};
}

}  // namespace sluice::engine::kafka
