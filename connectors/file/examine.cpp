#include "file/examine.hpp"

#include <algorithm>
#include <fstream>

#include "core/path_check.hpp"
#include "file/source.hpp"

namespace sluice::engine::file {
namespace {

// Where the last few lines begin, as far as they lie within the end of the file.
Position last_lines(const std::string& path, int count) {
  constexpr std::streamoff window = std::streamoff{1} << 20U;
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  if (!in || size <= 0) return {0};
  const std::streamoff from = std::max<std::streamoff>(0, size - window);
  std::string text(static_cast<std::size_t>(size - from), '\0');
  in.seekg(from);
  if (!in.read(text.data(), static_cast<std::streamsize>(text.size()))) return {0};
  // The line feed that ends the last line, and one before each of the lines.
  std::size_t at = text.size();
  for (int line = 0; line <= count; ++line) {
    if (at == 0) return {from};
    const std::size_t found = text.rfind('\n', at - 1);
    if (found == std::string::npos) return {from == 0 ? 0 : from + static_cast<std::streamoff>(at)};
    at = found;
  }
  return {from + static_cast<std::streamoff>(at) + 1};
}

class StartAt final : public PartitionListener {
 public:
  explicit StartAt(Position start) : start_(start) {}
  Result<std::optional<Progress>> assigned(PartitionId id, const TopicPartition& partition,
                                           std::optional<Progress>) override {
    id_ = id;
    partition_ = partition;
    return std::optional(Progress{start_});
  }
  std::optional<SafePosition> revoked(PartitionId) override { return std::nullopt; }

  [[nodiscard]] PartitionId id() const noexcept { return id_; }
  [[nodiscard]] const TopicPartition& partition() const noexcept { return partition_; }

 private:
  Position start_;
  PartitionId id_{};
  TopicPartition partition_;
};

}  // namespace

void examine_source(const Options& options, const ConnectorContext& context,
                    Examination<Source>& examination) {
  Findings& findings = examination.findings;
  const std::string& path = options.text("path");
  const std::string subject = "file";
  if (!check_file_to_read(path, subject, findings)) return;

  const auto source = source_role().make(options, context);
  StartAt start(last_lines(path, Examination<Source>::samples));
  const auto opened = source->open(start);
  const auto polled = opened ? source->poll(milliseconds(0)) : Result<Polled>(opened.error());
  if (!polled) {
    findings.problem(subject, polled.error().message + ".", "Correct the path or the file.");
    return;
  }
  findings.ok(subject,
              '\'' + path + "' can be read" +
                  (options.boolean("follow") ? "." : "; the pipeline ends with it, as follow is false."));
  if (const auto* chunk = std::get_if<Chunk>(&*polled))
    for (const Record& record : chunk->records) examination.sample(record);
  PartitionFacts facts{
      .partition = start.partition(), .begin = Position{0}, .end = {}, .committed = {}, .checksum = {}};
  facts.end = source->end(start.id());
  if (const auto witness = examination.witness(facts.partition))
    if (const auto check = source->check(start.id(), *witness)) facts.checksum = check->checksum;
  examination.partitions.push_back(std::move(facts));
}

void examine_dead_letters(const Options& options, const ConnectorContext&,
                          Examination<DeadLetters>& examination) {
  const std::string& path = options.text("path");
  if (check_file_to_write(path, "file", false, examination.findings))
    examination.findings.ok("file", '\'' + path + "' can be written.");
}

}  // namespace sluice::engine::file
