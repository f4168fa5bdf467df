// Throws while its components are declared.
#include <stdexcept>

#include "sluice/plugin.hpp"
namespace {
class Nothing final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override {}
};
std::string no_name() { throw std::runtime_error("no name today"); }
}  // namespace
SLUICE_PLUGIN("throws_in_entry", "1.0.0", sluice::handler<Nothing>(no_name()))
