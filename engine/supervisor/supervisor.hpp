// Runs the pipelines of a process to their end: starts them, tells their story in the log and to the service
// manager, writes the status file, hands on signals, and decides the exit status.
//
// It owns the pipelines that were assembled for it, and what observes them. One that fails is told of; the
// others go on.
//
// Everything happens on the thread that calls run(), but what the pipelines do on their own.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "admin/status_board.hpp"
#include "assembly/assemble.hpp"
#include "config/config.hpp"
#include "observe/logging.hpp"
#include "observe/metrics_file.hpp"
#include "observe/observer.hpp"
#include "observe/status_file.hpp"
#include "observe/status_json.hpp"
#include "observe/summary.hpp"
#include "observe/watchdog.hpp"
#include "pipeline/pipeline.hpp"
#include "supervisor/exit_code.hpp"
#include "supervisor/reload.hpp"
#include "supervisor/service_notifier.hpp"
#include "supervisor/signals.hpp"

namespace sluice::engine {

struct SupervisorSettings {
  OnFailure on_failure = OnFailure::exit;
  std::string status_file;       // empty: none
  StatusBoard* board = nullptr;  // outlives the supervisor; null: nobody asks
  microseconds stall_after{60'000'000};
  // What a reload asks whether the configuration is good (supervisor/reload.hpp).
  std::vector<std::string> check_command{};
};

class Supervisor {
 public:
  // The clock outlives the supervisor.
  Supervisor(SupervisorSettings settings, const Clock& clock, Log log);
  ~Supervisor();

  void add(const PipelineConfig& config, Assembled assembled);
  // A pipeline that cannot even be assembled: failed from the start, the others run.
  void add_failed(const PipelineConfig& config, Code code, const std::string& reason);

  // Blocks until all pipelines have ended, or until a signal when they shall be kept for inspection.
  [[nodiscard]] ExitCode run(const Signals& signals);

  // After run(): whether all ended for a reload, so that the program is to begin anew with what its files say
  // now.
  [[nodiscard]] bool begins_anew() const noexcept { return begins_anew_; }

 private:
  struct Running {
    std::string name;
    Log log;
    std::unique_ptr<Observer> observer;
    std::unique_ptr<Store> state;
    std::unique_ptr<Pipeline> pipeline;  // null: it could not be assembled; uses both
    PipelineStatus refused;              // without a pipeline
    std::unique_ptr<Summary> summary;
    std::unique_ptr<Watchdog> watchdog;
    // What the log knows: the last state, and what could not be reached ("" is the source or dead letters).
    std::optional<PipelineState> told;
    std::map<std::string, std::string> troubles;

    [[nodiscard]] PipelineStatus status() const { return pipeline ? pipeline->status() : refused; }
    [[nodiscard]] bool ended() const { return !pipeline || pipeline->ended(); }
  };

  [[nodiscard]] MetricsFile* metrics_file(const std::string& path);
  void start();
  void take(int signal);
  void drain();
  void check_configuration();
  void reload_if_good();
  void tell_service();
  void tell_states();
  static void tell_state(Running& running, const PipelineStatus& status);
  static void tell_troubles(Running& running, const PipelineStatus& status);
  void tell_stalls(Running& running, const PipelineStatus& status) const;
  void tell_summaries();
  void tell_summary(Running& running);
  [[nodiscard]] std::vector<PipelineReport> reports() const;
  [[nodiscard]] microseconds uptime() const;
  void put_up_status() const;
  void write_status();
  [[nodiscard]] bool all_ended() const;
  [[nodiscard]] bool stays() const;
  [[nodiscard]] ExitCode finish();

  SupervisorSettings settings_;
  const Clock& clock_;
  Log log_;
  Instant started_;
  std::map<std::string, std::unique_ptr<MetricsFile>> metrics_;
  std::uint64_t metrics_dropped_ = 0;
  std::list<Running> pipelines_;
  std::optional<StatusFile> status_file_;
  bool status_unwritable_ = false;
  ServiceNotifier service_;
  std::optional<ConfigurationCheck> check_;
  std::string refusal_;  // of the last reload; empty: it was not refused
  bool begins_anew_ = false;
  int signals_ = 0;  // that asked to end
  std::optional<Instant> halted_;
};

}  // namespace sluice::engine
