#include "supervisor/supervisor.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "assembly/describe.hpp"
#include "observe/readiness.hpp"
#include "supervisor/service_standing.hpp"

namespace sluice::engine {
namespace {

constexpr milliseconds tick{50};
constexpr milliseconds board_interval{100};
constexpr milliseconds status_interval{250};
constexpr std::chrono::seconds summary_interval{10};
// After a second signal: what a pipeline that is stuck in a client library gets before the process goes.
constexpr milliseconds halt_grace{1000};

bool is_failure(PipelineState state) {
  return state == PipelineState::failed || state == PipelineState::breaker_open;
}

}  // namespace

Supervisor::Supervisor(SupervisorSettings settings, const Clock& clock, Log log)
    : settings_(std::move(settings)),
      clock_(clock),
      log_(std::move(log)),
      started_(clock.now()),
      service_(ServiceNotifier::of_environment(log_)) {
  if (!settings_.status_file.empty()) status_file_.emplace(settings_.status_file);
}

Supervisor::~Supervisor() = default;

void Supervisor::add(const PipelineConfig& config, Assembled assembled) {
  Running& running = pipelines_.emplace_back();
  running.name = config.name;
  running.log = scoped(log_, config.name);
  running.observer = std::make_unique<Observer>(clock_, metrics_file(config.metrics_file));
  running.summary = std::make_unique<Summary>(clock_.now());
  running.watchdog = std::make_unique<Watchdog>(settings_.stall_after);
  running.state = std::move(assembled.state);
  running.pipeline = std::make_unique<Pipeline>(std::move(assembled.parts), std::move(assembled.settings),
                                                clock_, running.observer.get());
  running.log->info("{}", describe(config));
}

void Supervisor::add_failed(const PipelineConfig& config, Code code, const std::string& reason) {
  Running& running = pipelines_.emplace_back();
  running.name = config.name;
  running.log = scoped(log_, config.name);
  running.observer = std::make_unique<Observer>(clock_);
  running.summary = std::make_unique<Summary>(clock_.now());
  running.watchdog = std::make_unique<Watchdog>(settings_.stall_after);
  running.refused.id = config.id;
  running.refused.state = PipelineState::failed;
  running.refused.code = code;
  running.refused.reason = reason;
}

// Pipelines that name one file share it.
MetricsFile* Supervisor::metrics_file(const std::string& path) {
  if (path.empty()) return nullptr;
  auto& file = metrics_[path];
  if (!file) file = std::make_unique<MetricsFile>(path);
  return file.get();
}

ExitCode Supervisor::run(const Signals& signals) {
  start();
  Instant board_due = clock_.now();
  Instant status_due = clock_.now();
  Instant summary_due = clock_.now() + summary_interval;
  while (true) {
    if (const auto signal = signals.next(tick)) {
      if (*signal == SIGHUP && signals.hangup_reloads())
        check_configuration();
      else
        take(*signal);
    }
    reload_if_good();
    tell_states();
    const Instant now = clock_.now();
    service_.tell_alive(now);
    if (now >= board_due) {
      put_up_status();
      tell_service();
      board_due = now + board_interval;
    }
    if (now >= status_due) {
      write_status();
      status_due = now + status_interval;
    }
    if (now >= summary_due) {
      tell_summaries();
      summary_due += summary_interval;
    }
    if (halted_ && now >= *halted_ + halt_grace && !all_ended()) {
      log_->error("ended by force: a pipeline did not stop within {}",
                  duration_for_people(halt_grace.count()));
      std::_Exit(static_cast<int>(ExitCode::unfinished));
    }
    if (all_ended() && !stays()) return finish();
  }
}

void Supervisor::start() {
  for (Running& running : pipelines_)
    if (running.pipeline) running.pipeline->start();
}

void Supervisor::take(int signal) {
  ++signals_;
  if (signals_ == 1) {
    log_->info("{}: finishing what is in flight; a second signal ends at once",
               signal == SIGINT ? "interrupted" : "asked to end");
    check_.reset();
    begins_anew_ = false;
    drain();
    return;
  }
  if (halted_) return;
  log_->warn("a second signal: ending at once");
  halted_ = clock_.now();
  for (Running& running : pipelines_)
    if (running.pipeline) running.pipeline->halt();
}

void Supervisor::drain() {
  for (Running& running : pipelines_)
    if (running.pipeline) running.pipeline->drain();
}

// Again while a check runs: the files may have changed since it read them.
void Supervisor::check_configuration() {
  if (signals_ > 0 || begins_anew_) return;
  log_->info("asked to reload: checking the configuration");
  service_.tell(ServiceNotifier::State::reloading);
  check_.emplace(settings_.check_command);
}

void Supervisor::reload_if_good() {
  if (!check_) return;
  const auto verdict = check_->poll();
  if (!verdict) return;
  check_.reset();
  if (!verdict->good) {
    refusal_ = verdict->text;
    log_->error("not reloaded, what runs goes on: the configuration is not valid\n{}", refusal_);
    return;
  }
  log_->info("the configuration is valid: finishing what is in flight, then beginning anew with it");
  begins_anew_ = true;
  drain();
}

void Supervisor::tell_service() {
  if (!service_.wanted()) return;
  const ServiceStanding standing{signals_ > 0, check_ || begins_anew_, refusal_};
  const std::vector<NotReadyReason> reasons = readiness(reports());
  service_.tell_status(service_status(reasons, standing));
  service_.tell(service_state(reasons, standing));
}

void Supervisor::tell_states() {
  for (Running& running : pipelines_) {
    const PipelineStatus status = running.status();
    tell_state(running, status);
    tell_troubles(running, status);
    tell_stalls(running, status);
  }
}

void Supervisor::tell_stalls(Running& running, const PipelineStatus& status) const {
  const Watchdog::News news = running.watchdog->look(status, clock_.now(), clock_.wall());
  for (const Stall& stall : news.begun)
    running.log->warn("stalled since {}: {}{}{}", to_text(stall.since), stall.what(),
                      stall.reason.empty() ? "" : "; the last reason known: ", stall.reason);
  for (const Stall& stall : news.ended) running.log->info("no longer stalled: {}", stall.what());
}

// Said when it begins, when its reason changes and when it is over; the summaries repeat it meanwhile.
void Supervisor::tell_troubles(Running& running, const PipelineStatus& status) {
  std::map<std::string, std::string> troubles;
  if (status.state == PipelineState::running && !status.reason.empty()) troubles[""] = status.reason;
  for (const TargetStatus& target : status.targets)
    if (target.retrying_since) troubles[target.name] = target.name + ": " + target.retry_reason;
  for (const auto& [where, trouble] : troubles) {
    const auto known = running.troubles.find(where);
    if (known == running.troubles.end() || known->second != trouble)
      running.log->warn("out of reach, trying again: {}", trouble);
  }
  for (const auto& [where, trouble] : running.troubles)
    if (!troubles.contains(where)) running.log->info("no longer out of reach: {}", trouble);
  running.troubles = std::move(troubles);
}

void Supervisor::tell_state(Running& running, const PipelineStatus& status) {
  if (running.told == status.state) return;
  running.told = status.state;
  switch (status.state) {
    case PipelineState::starting:
      running.log->debug("starting");
      break;
    case PipelineState::running:
      running.log->info("running");
      break;
    case PipelineState::draining:
      running.log->info("draining");
      break;
    case PipelineState::drained:
      running.log->info("ended");
      break;
    case PipelineState::failed:
      running.log->error("failed: {} [{}]", status.reason, to_text(status.code));
      break;
    case PipelineState::breaker_open:
      running.log->error("stopped by its breaker: {} [{}]", status.reason, to_text(status.code));
      break;
  }
}

void Supervisor::tell_summaries() {
  for (Running& running : pipelines_) tell_summary(running);
  std::uint64_t dropped = 0;
  for (const auto& [path, file] : metrics_) dropped += file->dropped();
  if (dropped > metrics_dropped_)
    log_->warn("the metrics file could not take {} events since the last summary; the pipelines go on",
               grouped(dropped - metrics_dropped_));
  metrics_dropped_ = dropped;
}

void Supervisor::tell_summary(Running& running) {
  const auto line = running.summary->next(clock_.now(), running.observer->figures(), running.status());
  if (!line) return;
  running.log->log(line->warning ? spdlog::level::warn : spdlog::level::info, "{}", line->text);
}

std::vector<PipelineReport> Supervisor::reports() const {
  std::vector<PipelineReport> reports;
  for (const Running& running : pipelines_)
    reports.push_back({running.status(), running.observer->figures(), running.watchdog->stalls()});
  return reports;
}

microseconds Supervisor::uptime() const {
  return std::chrono::duration_cast<microseconds>(clock_.now() - started_);
}

void Supervisor::put_up_status() const {
  if (settings_.board == nullptr) return;
  settings_.board->put({reports(), clock_.now(), clock_.wall(), uptime(), signals_ > 0});
}

void Supervisor::write_status() {
  if (!status_file_) return;
  const auto written = status_file_->write(json_line(status_json(reports(), clock_.wall(), uptime())));
  if (!written && !status_unwritable_) log_->warn("{}", written.error().message);
  status_unwritable_ = !written;
}

bool Supervisor::all_ended() const {
  for (const Running& running : pipelines_)
    if (!running.ended()) return false;
  return true;
}

// With on_failure: keep, a failure is there to be looked at until somebody ends the process.
bool Supervisor::stays() const {
  if (settings_.on_failure == OnFailure::exit || signals_ > 0 || begins_anew_) return false;
  for (const Running& running : pipelines_)
    if (is_failure(running.status().state)) return true;
  return false;
}

ExitCode Supervisor::finish() {
  bool unfinished = false;
  std::optional<ExitCode> failure;
  for (Running& running : pipelines_) {
    if (running.pipeline && !running.pipeline->wait()) unfinished = true;
    const PipelineStatus status = running.status();
    tell_state(running, status);
    running.log->info("{}", whole_run(running.observer->figures()));
    if (is_failure(status.state) && !failure) failure = exit_code_of(status.code);
  }
  put_up_status();
  write_status();
  if (!begins_anew_) service_.tell(ServiceNotifier::State::stopping);
  if (failure) return *failure;
  if (!unfinished) return ExitCode::fine;
  log_->warn("ended with work unfinished: the next start takes it up again");
  return ExitCode::unfinished;
}

}  // namespace sluice::engine
