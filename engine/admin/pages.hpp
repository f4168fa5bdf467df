// The pages every engine has: /livez, /readyz and /status.
#pragma once

#include <vector>

#include "admin/page.hpp"
#include "admin/status_board.hpp"
#include "core/time.hpp"

namespace sluice::engine {

// /livez says 503 when the last snapshot is older than this: whoever puts them up hangs.
inline constexpr std::chrono::seconds alive_within{5};

// Board and clock outlive the pages.
[[nodiscard]] std::vector<Page> engine_pages(const StatusBoard& board, const Clock& clock);

}  // namespace sluice::engine
