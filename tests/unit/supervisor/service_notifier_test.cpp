#include "supervisor/service_notifier.hpp"

#include <gmock/gmock.h>
#include <spdlog/sinks/ringbuffer_sink.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "supervisor/service_standing.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using State = ServiceNotifier::State;
using namespace std::chrono_literals;

// The socket on which a service manager listens.
class ManagerSocket {
 public:
  explicit ManagerSocket(const std::string& path)
      : descriptor_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("bind");
  }
  ~ManagerSocket() { close(descriptor_); }
  ManagerSocket(const ManagerSocket&) = delete;
  ManagerSocket& operator=(const ManagerSocket&) = delete;

  // What came since the last call; a datagram is there as soon as it was sent.
  std::vector<std::string> heard() const {
    std::vector<std::string> all;
    std::array<char, 4096> block{};
    while (true) {
      const ssize_t got = recv(descriptor_, block.data(), block.size(), MSG_DONTWAIT);
      if (got < 0) return all;
      all.emplace_back(block.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int descriptor_;
};

class Notifier : public testing::Test {
 protected:
  ServiceNotifier notifier(std::optional<microseconds> watchdog = std::nullopt) {
    return {folder_.file("notify"), watchdog, log_};
  }

  TempFolder folder_;
  ManagerSocket manager_{folder_.file("notify")};
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> lines_ =
      std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(16);
  Log log_ = std::make_shared<spdlog::logger>("test", lines_);
};

TEST_F(Notifier, tells_a_state_once_when_it_is_reached) {
  auto service = notifier();
  service.tell(State::starting);
  EXPECT_THAT(manager_.heard(), IsEmpty());
  service.tell(State::ready);
  service.tell(State::ready);
  service.tell(State::starting);  // a pipeline that begins again is no reason to take the readiness back
  service.tell(State::stopping);
  EXPECT_THAT(manager_.heard(), ElementsAre("READY=1", "STOPPING=1"));
}

TEST_F(Notifier, tells_the_end_of_a_reload_by_being_ready_again) {
  auto service = notifier();
  service.tell(State::ready);
  service.tell(State::reloading);
  service.tell(State::ready);
  EXPECT_THAT(manager_.heard(),
              ElementsAre("READY=1", StartsWith("RELOADING=1\nMONOTONIC_USEC="), "READY=1"));
}

TEST_F(Notifier, tells_a_status_as_one_line_when_it_changes) {
  auto service = notifier();
  service.tell_status("running");
  service.tell_status("running");
  service.tell_status("refused:\nREADY=1");
  EXPECT_THAT(manager_.heard(), ElementsAre("STATUS=running", "STATUS=refused: READY=1"));
}

TEST_F(Notifier, gives_signs_of_life_twice_in_each_time_of_the_watchdog) {
  ManualClock clock;
  auto service = notifier(10s);
  service.tell_alive(clock.now());
  clock.advance(4999ms);
  service.tell_alive(clock.now());
  EXPECT_THAT(manager_.heard(), ElementsAre("WATCHDOG=1"));
  clock.advance(1ms);
  service.tell_alive(clock.now());
  EXPECT_THAT(manager_.heard(), ElementsAre("WATCHDOG=1"));
}

TEST_F(Notifier, gives_no_signs_of_life_where_nobody_expects_them) {
  notifier().tell_alive(ManualClock().now());
  EXPECT_THAT(manager_.heard(), IsEmpty());
}

TEST_F(Notifier, says_once_that_nobody_listens_and_goes_on_trying) {
  ServiceNotifier service(folder_.file("elsewhere"), std::nullopt, log_);
  service.tell(State::ready);
  service.tell(State::ready);
  EXPECT_THAT(lines_->last_formatted(), ElementsAre(HasSubstr("elsewhere: No such file or directory")));
  const ManagerSocket late(folder_.file("elsewhere"));
  service.tell(State::ready);
  EXPECT_THAT(late.heard(), ElementsAre("READY=1"));
}

TEST_F(Notifier, is_silent_outside_of_a_service) {
  ServiceNotifier service("", std::nullopt, log_);
  EXPECT_FALSE(service.wanted());
  service.tell(State::ready);
  EXPECT_THAT(lines_->last_formatted(), IsEmpty());
}

NotReadyReason because(NotReady why, const std::string& text) {
  return {why, "activity", text, std::nullopt};
}

TEST(ServiceStanding, is_ready_when_no_pipeline_starts_any_more) {
  const std::vector starting{because(NotReady::failed, "x"), because(NotReady::starting, "no such file")};
  const std::vector troubled{because(NotReady::store_retrying, "no such host")};
  EXPECT_EQ(service_state(starting, {}), State::starting);
  EXPECT_EQ(service_state(troubled, {}), State::ready);
  EXPECT_EQ(service_state({}, {}), State::ready);
  EXPECT_EQ(service_state(starting, {.reloading = true}), State::reloading);
  EXPECT_EQ(service_state(starting, {.ending = true, .reloading = true}), State::stopping);
}

TEST(ServiceStanding, says_in_a_line_what_is_not_as_it_should_be) {
  EXPECT_EQ(service_status({}, {}), "running");
  const std::vector troubled{because(NotReady::store_retrying, "no such host")};
  EXPECT_EQ(service_status(troubled, {.refusal = "x.yaml:1:1: no"}),
            "the last reload was refused: x.yaml:1:1: no; activity: no such host");
}

}  // namespace
}  // namespace sluice::engine
