// A folder of a test's own, removed with all that is in it when the object goes. Failures throw.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace sluice::engine {

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  // The path of a file or folder in it, whether there is one or not.
  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

  // Makes the file, or puts this content in its place. Returns its path.
  std::string write(std::string_view name, std::string_view content) const;
  // Adds at the end of the file, which is made if absent.
  void append(std::string_view name, std::string_view content) const;
  [[nodiscard]] std::string read(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace sluice::engine
