#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/options.hpp"
#include "file/source.hpp"
#include "source_world.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine::conformance {

namespace {

class FileWorld final : public SourceWorld {
 public:
  explicit FileWorld(std::string format) : format_(std::move(format)) { folder_.append(topic(), ""); }

  [[nodiscard]] std::unique_ptr<Source> make_source() override {
    const RoleSpec<Source> role = file::source_role();
    Options options = default_options(role.options);
    options.set("path", folder_.file(topic()));
    options.set("format", format_);
    options.set("follow", true);
    return role.make(options, {});
  }

  void append(int, const std::vector<Sent>& records) override {
    std::string lines;
    for (const Sent& record : records) {
      lines += format_ == "plain" ? record.value.value() : to_line(record);
      lines += '\n';
    }
    folder_.append(topic(), lines);
  }

  void take_away() override { std::filesystem::rename(folder_.file(topic()), folder_.file("away")); }
  void bring_back() override { std::filesystem::rename(folder_.file("away"), folder_.file(topic())); }

  void recreate() override {
    folder_.write("new", "");
    std::filesystem::rename(folder_.file("new"), folder_.file(topic()));
  }

  [[nodiscard]] int partitions() const override { return 1; }
  [[nodiscard]] std::string topic() const override { return "events.ndjson"; }
  [[nodiscard]] Sent expected(const Sent& sent) const override {
    return format_ == "plain" ? Sent{.value = sent.value} : sent;
  }

 private:
  static std::string to_line(const Sent& record) {
    const auto text = [](const std::optional<std::string>& value) {
      return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
    };
    nlohmann::json line{{"key", text(record.key)}, {"payload", text(record.value)}};
    line["headers"] = nlohmann::json::array();
    for (const auto& [name, value] : record.headers) {
      line["headers"].push_back(name);
      line["headers"].push_back(text(value));
    }
    return line.dump();
  }

  std::string format_;
  TempFolder folder_;
};

}  // namespace

std::unique_ptr<SourceWorld> make_plain_file_world() { return std::make_unique<FileWorld>("plain"); }
std::unique_ptr<SourceWorld> make_records_file_world() { return std::make_unique<FileWorld>("records"); }

}  // namespace sluice::engine::conformance
