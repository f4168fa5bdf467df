#include "memory/source.hpp"
#include "source_world.hpp"

namespace sluice::engine::conformance {

namespace {

class MemoryWorld final : public SourceWorld {
 public:
  MemoryWorld() {
    for (std::int32_t i = 0; i < partitions(); ++i) log_->add({topic(), i});
  }

  [[nodiscard]] std::unique_ptr<Source> make_source() override { return memory::make_source(log_); }
  void append(int partition, const std::vector<Sent>& records) override {
    for (const Sent& record : records)
      log_->append({topic(), partition}, {record.key, record.value, record.headers});
  }
  void take_away() override { log_->fail_with(Error{Code::source_unavailable, "the log is out of reach"}); }
  void bring_back() override { log_->fail_with(std::nullopt); }
  void recreate() override { log_->recreate(); }

  [[nodiscard]] int partitions() const override { return 3; }
  [[nodiscard]] std::string topic() const override { return "events"; }
  [[nodiscard]] Sent expected(const Sent& sent) const override { return sent; }

 private:
  std::shared_ptr<memory::Log> log_ = std::make_shared<memory::Log>();
};

}  // namespace

std::unique_ptr<SourceWorld> make_memory_world() { return std::make_unique<MemoryWorld>(); }

}  // namespace sluice::engine::conformance
