#include "kafka/client_options.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "base/nearest.hpp"
#include "kafka/client_log.hpp"

namespace sluice::engine::kafka {
namespace {

enum class For : std::uint8_t { both, consumer, producer };

struct Allowed {
  std::string_view name;
  For role;
};

// Network and diagnosis: a matter of where one runs. Fetching, group and producing: a matter of how much and
// how fast. Nothing here can change what is delivered, or when it counts as done.
constexpr std::array allowed{
    Allowed{"broker.address.family", For::both},
    Allowed{"broker.address.ttl", For::both},
    Allowed{"client.id", For::both},
    Allowed{"client.rack", For::both},
    Allowed{"connections.max.idle.ms", For::both},
    Allowed{"debug", For::both},
    Allowed{"log.connection.close", For::both},
    Allowed{"log_level", For::both},
    Allowed{"metadata.max.age.ms", For::both},
    Allowed{"reconnect.backoff.max.ms", For::both},
    Allowed{"reconnect.backoff.ms", For::both},
    Allowed{"retry.backoff.ms", For::producer},
    Allowed{"socket.connection.setup.timeout.ms", For::both},
    Allowed{"socket.keepalive.enable", For::both},
    Allowed{"socket.nagle.disable", For::both},
    Allowed{"socket.receive.buffer.bytes", For::both},
    Allowed{"socket.send.buffer.bytes", For::both},
    Allowed{"socket.timeout.ms", For::both},
    Allowed{"ssl.cipher.suites", For::both},
    Allowed{"ssl.crl.location", For::both},
    Allowed{"ssl.curves.list", For::both},
    Allowed{"ssl.endpoint.identification.algorithm", For::both},
    Allowed{"ssl.sigalgs.list", For::both},
    Allowed{"topic.metadata.refresh.interval.ms", For::both},

    Allowed{"check.crcs", For::consumer},
    Allowed{"coordinator.query.interval.ms", For::consumer},
    Allowed{"fetch.error.backoff.ms", For::consumer},
    Allowed{"fetch.max.bytes", For::consumer},
    Allowed{"fetch.min.bytes", For::consumer},
    Allowed{"fetch.wait.max.ms", For::consumer},
    Allowed{"heartbeat.interval.ms", For::consumer},
    Allowed{"max.partition.fetch.bytes", For::consumer},
    Allowed{"max.poll.interval.ms", For::consumer},
    Allowed{"queued.max.messages.kbytes", For::consumer},
    Allowed{"queued.min.messages", For::consumer},
    Allowed{"receive.message.max.bytes", For::consumer},
    Allowed{"session.timeout.ms", For::consumer},
    Allowed{"statistics.interval.ms", For::consumer},
    Allowed{"topic.blacklist", For::consumer},

    Allowed{"batch.size", For::producer},
    Allowed{"compression.level", For::producer},
    Allowed{"compression.type", For::producer},
    Allowed{"linger.ms", For::producer},
    Allowed{"request.timeout.ms", For::producer},
};

struct Refused {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array refused{
    Refused{"acks", "dead letters always wait for all replicas"},
    Refused{"allow.auto.create.topics", "topics are never made by reading; dead letters have create"},
    Refused{"auto.commit.interval.ms", "use the pipeline's commit_interval"},
    Refused{"auto.offset.reset", "use start and out_of_range"},
    Refused{"bootstrap.servers", "use brokers"},
    Refused{"delivery.timeout.ms", "the pipeline tries again for ever"},
    Refused{"enable.auto.commit", "positions are committed when their events are durable"},
    Refused{"enable.auto.offset.store", "positions are committed when their events are durable"},
    Refused{"enable.idempotence", "dead letters are always written idempotently"},
    Refused{"enable.partition.eof", "the source needs it itself"},
    Refused{"enable.ssl.certificate.verification",
            "name the authority that signed the certificate in tls_ca"},
    Refused{"group.id", "use group"},
    Refused{"group.instance.id", "use instance_id"},
    Refused{"isolation.level", "use isolation"},
    Refused{"message.max.bytes", "the topic's max.message.bytes decides"},
    Refused{"message.timeout.ms", "the pipeline tries again for ever"},
    Refused{"metadata.broker.list", "use brokers"},
    Refused{"partition.assignment.strategy", "use assignment"},
    Refused{"plugin.library.paths", "nothing may run in the engine that it does not know"},
    Refused{"sasl.mechanism", "use sasl"},
    Refused{"sasl.mechanisms", "use sasl"},
    Refused{"sasl.password", "use password"},
    Refused{"sasl.username", "use username"},
    Refused{"security.protocol", "use tls and sasl"},
    Refused{"ssl.ca.location", "use tls_ca"},
    Refused{"ssl.ca.pem", "use tls_ca"},
    Refused{"ssl.certificate.location", "use tls_cert"},
    Refused{"ssl.certificate.pem", "use tls_cert"},
    Refused{"ssl.key.location", "use tls_key"},
    Refused{"ssl.key.password", "use tls_key_password"},
    Refused{"ssl.key.pem", "use tls_key"},
    Refused{"ssl.keystore.location", "use tls_cert and tls_key"},
    Refused{"ssl.keystore.password", "use tls_key_password"},
    Refused{"transactional.id", "exactly once is the store's doing here"},
};

[[nodiscard]] bool is_for(const Allowed& option, ClientRole role) noexcept {
  return option.role == For::both || (option.role == For::consumer) == (role == ClientRole::source);
}

// False for what passes, but is of no use to this client.
bool check_passes(std::string_view name, ClientRole role) {
  std::vector<std::string_view> names;
  for (const Allowed& option : allowed) {
    if (!is_for(option, role)) continue;
    if (option.name == name) return role != ClientRole::letters_reader || option.role == For::both;
    names.push_back(option.name);
  }
  const auto no = std::ranges::find(refused, name, &Refused::name);
  if (no != refused.end())
    throw ConfigurationError("client: \"" + std::string(name) +
                             "\" cannot be set here: " + std::string(no->instead));
  std::string hint = ". docs/operating.md lists what can be set here";
  if (const auto near = nearest(name, names)) hint = "; did you mean \"" + std::string(*near) + "\"?";
  throw ConfigurationError("client: there is no option \"" + std::string(name) + '"' + hint);
}

void require(const Options& options, std::string_view name, std::string_view whom) {
  if (options.text(name).empty()) throw ConfigurationError(std::string(whom) + " needs " + std::string(name));
}

void refuse(const Options& options, std::string_view name, std::string_view needed) {
  if (!options.text(name).empty())
    throw ConfigurationError(std::string(name) + " has no effect without " + std::string(needed));
}

void set_tls(const Options& options, rd_kafka_conf_t& conf) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> names{
      {{"tls_ca", "ssl.ca.location"},
       {"tls_cert", "ssl.certificate.location"},
       {"tls_key", "ssl.key.location"},
       {"tls_key_password", "ssl.key.password"}}};
  if (!options.boolean("tls")) {
    for (const auto& [ours, theirs] : names) refuse(options, ours, "tls: true");
    return;
  }
  if (!options.text("tls_cert").empty()) require(options, "tls_key", "tls_cert");
  if (!options.text("tls_key").empty()) require(options, "tls_cert", "tls_key");
  for (const auto& [ours, theirs] : names)
    if (!options.text(ours).empty()) set(conf, std::string(theirs), options.text(ours));
}

void set_sasl(const Options& options, rd_kafka_conf_t& conf) {
  const std::string& mechanism = options.text("sasl");
  if (mechanism.empty()) {
    refuse(options, "username", "sasl");
    refuse(options, "password", "sasl");
    return;
  }
  set(conf, "sasl.mechanisms", mechanism);
  require(options, "username", "sasl: " + mechanism);
  require(options, "password", "sasl: " + mechanism);
  set(conf, "sasl.username", options.text("username"));
  set(conf, "sasl.password", options.text("password"));
}

}  // namespace

Options with_client_options_of(const Options& own, const Options& other) {
  Options merged = own;
  for (const OptionSpec& spec : client_option_specs())
    if (spec.name != "client") merged.set(spec.name, other.all().at(spec.name));
  merged.set("brokers", other.texts("brokers"));
  OptionMap client;
  for (const auto& [name, value] : other.map("client")) {
    const auto option = std::ranges::find(allowed, std::string_view(name), &Allowed::name);
    if (option != allowed.end() && option->role == For::both) client.emplace(name, value);
  }
  for (const auto& [name, value] : own.map("client")) client.insert_or_assign(name, value);
  merged.set("client", std::move(client));
  return merged;
}

std::vector<OptionSpec> client_option_specs() {
  return {
      {.name = "tls", .type = OptionType::boolean, .fallback = "false", .help = "talk to the brokers by TLS"},
      {.name = "tls_ca",
       .type = OptionType::path,
       .fallback = "",
       .help = "certificates of the authorities to trust, PEM; else the system's"},
      {.name = "tls_cert", .type = OptionType::path, .fallback = "", .help = "our own certificate, PEM"},
      {.name = "tls_key",
       .type = OptionType::path,
       .fallback = "",
       .help = "the key of our own certificate, PEM"},
      {.name = "tls_key_password", .fallback = "", .help = "the password of that key", .secret = true},
      {.name = "sasl",
       .fallback = "",
       .help = "how to log in; else there is no login",
       .choices = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}},
      {.name = "username", .fallback = "", .help = "the user to log in as"},
      {.name = "password", .fallback = "", .help = "the user's password", .secret = true},
      {.name = "client",
       .type = OptionType::map,
       .fallback = "",
       .help = "further options of librdkafka, by their own names"},
  };
}

Conf make_client_conf(const Options& options, ClientRole role, std::string_view client_id) {
  Conf conf(rd_kafka_conf_new());
  std::string brokers;
  for (const std::string& broker : options.texts("brokers"))
    if (!broker.empty()) brokers.append(brokers.empty() ? "" : ",").append(broker);
  if (brokers.empty()) throw ConfigurationError("brokers is empty: name at least one host:port");
  set(*conf, "bootstrap.servers", brokers);
  set(*conf, "client.id", std::string(client_id));

  const bool tls = options.boolean("tls");
  const bool sasl = !options.text("sasl").empty();
  set(*conf, "security.protocol", sasl ? (tls ? "sasl_ssl" : "sasl_plaintext") : tls ? "ssl" : "plaintext");
  set_tls(options, *conf);
  set_sasl(options, *conf);

  // Most brokers make a topic that a client asks for, with settings of their own, and a producer of
  // librdkafka agrees unless it says no: then no missing topic would be noticed, nor made as `create` has it.
  set(*conf, "allow.auto.create.topics", "false");

  // A connection that a firewall has forgotten is noticed, and a broker that is back is found soon.
  set(*conf, "socket.keepalive.enable", "true");
  set(*conf, "socket.timeout.ms", "30000");
  set(*conf, "reconnect.backoff.max.ms", "1000");
  set(*conf, "log.connection.close", "false");
  rd_kafka_conf_set_log_cb(conf.get(), write_log);

  for (const auto& [name, value] : options.map("client")) {
    if (check_passes(name, role)) set(*conf, name, value);
  }
  return conf;
}

void set(rd_kafka_conf_t& conf, const std::string& name, const std::string& value) {
  std::array<char, 512> reason{};
  if (rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), reason.data(), reason.size()) != RD_KAFKA_CONF_OK)
    throw ConfigurationError("client: " + std::string(reason.data()));
}

}  // namespace sluice::engine::kafka
