// docs/errors.md, from the table of codes in engine/base/code.cpp.
#pragma once

#include <string>

namespace sluice::engine {

[[nodiscard]] std::string errors_page();

}  // namespace sluice::engine
