// The pages every engine has: /livez, /readyz, /status and /metrics.
#pragma once

#include <string_view>
#include <vector>

#include "admin/page.hpp"
#include "admin/status_board.hpp"
#include "base/time.hpp"

namespace sluice::engine {

// /livez says 503 when the last snapshot is older than this: whoever puts them up hangs.
inline constexpr std::chrono::seconds alive_within{5};

// The version is the program's. Board and clock outlive the pages.
[[nodiscard]] std::vector<Page> engine_pages(const StatusBoard& board, const Clock& clock,
                                             std::string_view version);

}  // namespace sluice::engine
