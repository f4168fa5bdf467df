#include "observe/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace sluice::engine {
namespace {

// The fields of /proc/self/stat (proc(5)) that follow the program's name, which may itself hold spaces and
// brackets.
struct Stat {
  double user_ticks = 0;
  double system_ticks = 0;
  std::uint64_t threads = 0;
  double start_ticks = 0;  // since boot
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

std::optional<Stat> read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  std::istringstream fields(line.substr(std::min(line.rfind(')') + 1, line.size())));
  std::string skipped;
  const auto skip = [&](int count) {
    while (count-- > 0) fields >> skipped;
  };
  Stat stat;
  skip(11);  // state to cmajflt
  fields >> stat.user_ticks >> stat.system_ticks;
  skip(4);  // cutime to nice
  fields >> stat.threads;
  skip(1);  // itrealvalue
  fields >> stat.start_ticks >> stat.virtual_bytes >> stat.resident_pages;
  if (!fields) return std::nullopt;
  return stat;
}

// Unix seconds; 0 if it is not told.
double boot_time() {
  std::ifstream file("/proc/stat");
  std::string name;
  double value = 0;
  for (std::string line; std::getline(file, line);)
    if (std::istringstream(line) >> name >> value && name == "btime") return value;
  return 0;
}

std::uint64_t count_open_files() {
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  std::uint64_t count = 0;
  for (; !error && files != std::filesystem::directory_iterator(); files.increment(error)) ++count;
  return count > 0 ? count - 1 : 0;  // without the one that lists them
}

std::uint64_t limit_of_open_files() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace

std::optional<ProcessFigures> process_figures() {
  const auto stat = read_stat();
  if (!stat) return std::nullopt;
  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  ProcessFigures figures;
  figures.cpu_seconds = (stat->user_ticks + stat->system_ticks) / ticks_per_second;
  figures.resident_bytes = stat->resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  figures.virtual_bytes = stat->virtual_bytes;
  figures.threads = stat->threads;
  figures.open_files = count_open_files();
  figures.max_open_files = limit_of_open_files();
  figures.start_time = boot_time() + stat->start_ticks / ticks_per_second;
  return figures;
}

}  // namespace sluice::engine
