#include "support/temp_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace sluice::engine {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sluice-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make a folder " + pattern);
  }
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;  // a test may have taken the folder away itself
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(std::string_view name, std::string_view content) const {
  std::ofstream out;
  out.exceptions(std::ios::failbit | std::ios::badbit);
  out.open(path_ / name, std::ios::binary | std::ios::trunc);
  out << content << std::flush;
  return file(name);
}

void TempFolder::append(std::string_view name, std::string_view content) const {
  std::ofstream out;
  out.exceptions(std::ios::failbit | std::ios::badbit);
  out.open(path_ / name, std::ios::binary | std::ios::app);
  out << content << std::flush;
}

std::string TempFolder::read(std::string_view name) const {
  std::ifstream in;
  in.exceptions(std::ios::badbit);
  in.open(path_ / name, std::ios::binary);
  if (!in.is_open()) throw std::system_error(errno, std::generic_category(), "cannot read " + file(name));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace sluice::engine
