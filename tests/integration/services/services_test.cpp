// tools/services/up: each server answers a real request of an independent client, is stopped, killed, frozen
// and started again with its data, and leaves nothing behind, whatever happens to its caller.
#include "support/services.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "support/shared_services.hpp"
#include "support/wait_until.hpp"

namespace sluice::engine {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const SharedServices servers{{"debezium", "mongodb"}};

// What a command of the shell printed.
std::string output_of(const std::string& command) {
  const auto close = [](FILE* file) { pclose(file); };
  const std::unique_ptr<FILE, decltype(close)> pipe{popen((command + " 2>&1").c_str(), "re"), close};
  std::string text;
  std::array<char, 4096> buffer;
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), size);
  return text;
}

std::string kcat(const std::string& arguments) {
  return output_of("timeout 20 kcat -b " + servers->address("KAFKA_BOOTSTRAP_SERVERS") + ' ' + arguments);
}

std::string sql(const std::string& statement) {
  return output_of("PGPASSWORD=" + servers->address("POSTGRES_PASSWORD") + " psql -XqtA -h " +
                   servers->address("POSTGRES_HOST") + " -p " + servers->address("POSTGRES_PORT") + " -U " +
                   servers->address("POSTGRES_USER") + ' ' + servers->address("POSTGRES_DB") + " -c \"" +
                   statement + '"');
}

std::string insert_event(const std::string& aggregate) {
  return sql(
      "INSERT INTO activity.event_outbox (aggregate_type, aggregate_id, event_type, payload) VALUES ('user', "
      "'" +
      aggregate + "', 'UserCreated', '{}')");
}

// All records of the outbox topic: partition, key, value.
std::string captured() {
  return kcat("-C -t postgres.activity.event_outbox -o beginning -e -q -f '%p %k %s\\n'");
}

fs::path run_of(pid_t process) {
  return fs::read_symlink("/proc/" + std::to_string(process) + "/cwd").parent_path().parent_path();
}

// S, R, T and so on, as proc(5) has it.
char state_of(pid_t process) {
  const std::string status = output_of("ps -o stat= -p " + std::to_string(process));
  return status.empty() ? '-' : status.front();
}

// Whether it has ended; one whose parent was killed may wait for init to collect it.
bool ended(pid_t process) {
  const char state = state_of(process);
  return state == '-' || state == 'Z';
}

TEST(Services, capture_an_inserted_row_as_a_record_keyed_by_its_aggregate) {
  ASSERT_EQ(insert_event("u-1"), "");

  std::string records;
  wait_until([&] { return (records = captured()).find("u-1") != std::string::npos; });
  EXPECT_THAT(records, HasSubstr(R"({"aggregate_id":"u-1"})"));
  EXPECT_THAT(records, HasSubstr(R"("op":"c")"));
}

TEST(Services, keep_the_data_of_a_killed_broker) {
  ASSERT_EQ(insert_event("u-2"), "");
  wait_until([] { return captured().find("u-2") != std::string::npos; });
  const pid_t before = servers->pid("kafka");

  servers->kill("kafka");
  EXPECT_TRUE(ended(before));
  servers->start("kafka");

  EXPECT_NE(servers->pid("kafka"), before);
  EXPECT_THAT(captured(), HasSubstr("u-2"));
}

TEST(Services, go_on_capturing_after_a_kill_of_the_database_and_of_the_connector) {
  servers->kill("debezium");
  servers->kill("postgres");
  servers->start("postgres");
  ASSERT_EQ(insert_event("u-3"), "");
  servers->start("debezium");

  wait_until([] { return captured().find("u-3") != std::string::npos; });
}

TEST(Services, freeze_and_thaw) {
  const pid_t mongodb = servers->pid("mongodb");

  servers->freeze("mongodb");
  wait_until([&] { return state_of(mongodb) == 'T'; });
  servers->thaw("mongodb");
  wait_until([&] { return state_of(mongodb) != 'T'; });
}

TEST(Services, start_a_stopped_server_on_the_same_port) {
  servers->stop("mongodb");
  EXPECT_THROW(servers->stop("postgresql"), std::runtime_error);
  servers->start("mongodb");
  EXPECT_THROW(servers->start("mongodb"), std::runtime_error) << "it runs already";
  servers->restart("mongodb");
}

TEST(Services, leave_nothing_behind) {
  pid_t process = 0;
  fs::path run;
  {
    Services own{{"postgres"}};
    process = own.pid("postgres");
    run = run_of(process);
    ASSERT_TRUE(fs::exists(run));
  }
  EXPECT_TRUE(ended(process));
  EXPECT_FALSE(fs::exists(run));
}

TEST(Services, leave_nothing_behind_when_their_caller_is_killed) {
  std::array<int, 2> told{};
  ASSERT_EQ(pipe(told.data()), 0);
  const pid_t caller = fork();
  if (caller == 0) {
    Services own{{"postgres", "mongodb"}};
    own.freeze("postgres");
    const std::array<pid_t, 2> processes{own.pid("postgres"), own.pid("mongodb")};
    if (write(told[1], processes.data(), sizeof(processes)) != sizeof(processes)) _exit(1);
    pause();
    _exit(1);
  }
  close(told[1]);
  std::array<pid_t, 2> processes{};
  const ssize_t size = read(told[0], processes.data(), sizeof(processes));
  close(told[0]);
  ASSERT_EQ(size, static_cast<ssize_t>(sizeof(processes)));
  const fs::path run = run_of(processes[0]);

  ASSERT_EQ(::kill(caller, SIGKILL), 0);
  ASSERT_EQ(waitpid(caller, nullptr, 0), caller);

  wait_until([&] { return !fs::exists(run); });
  EXPECT_TRUE(ended(processes[0]));
  EXPECT_TRUE(ended(processes[1]));
}

TEST(Services, leave_nothing_behind_when_their_starter_is_killed) {
  const std::string out = output_of(std::string{R"(bash -c '
    coproc UP { exec )"} + SLUICE_SERVICES_UP +
                                    R"( mongodb; }
    while read -r line <&"${UP[0]}"; do [[ $line != "#"* ]] || break; done
    echo pid mongodb >&"${UP[1]}"; read -r answer <&"${UP[0]}"
    server=${answer#*pid=}; run=$(readlink /proc/$server/cwd); run=${run%/*/*}
    kill -9 $UP_PID
    for ((tries = 0; tries < 600; ++tries)); do [ -e "$run" ] || break; sleep 0.1; done
    [ -e "$run" ] && echo "left $run"
    ps -o stat= -p $server | grep -q "^[^Z]" && echo "left process $server"
    echo done')");
  EXPECT_THAT(out, HasSubstr("done"));
  EXPECT_THAT(out, testing::Not(HasSubstr("left")));
}

TEST(Services, ask_for_tls_and_passwords_when_told_to) {
  Services secure{{"kafka", "mongodb", "--secure"}};
  EXPECT_THAT(secure.address("MONGODB_URI"), HasSubstr("tls=true"));
  const auto list = [&](const std::string& listener, const std::string& options) {
    return output_of("timeout 20 kcat -L -m 5 -b " +
                     secure.address("KAFKA_" + listener + "_BOOTSTRAP_SERVERS") + ' ' + options);
  };
  const std::string authority = " -X ssl.ca.location=" + secure.address("TLS_CA");
  const std::string user = " -X sasl.username=" + secure.address("KAFKA_USER") +
                           " -X sasl.password=" + secure.address("KAFKA_PASSWORD");

  EXPECT_THAT(list("SSL", "-X security.protocol=ssl" + authority), HasSubstr("1 brokers"));
  for (const std::string mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    EXPECT_THAT(
        list("SASL_SSL", "-X security.protocol=sasl_ssl -X sasl.mechanism=" + mechanism + authority + user),
        HasSubstr("1 brokers"))
        << mechanism;
  }
  EXPECT_THAT(list("SASL_PLAINTEXT",
                   "-X security.protocol=sasl_plaintext -X sasl.mechanism=PLAIN -X sasl.username=sluice "
                   "-X sasl.password=wrong"),
              HasSubstr("Authentication failed"));
}

}  // namespace
}  // namespace sluice::engine
