// An option whose default is no value of its type.
#include "sluice/plugin.hpp"
namespace {
class Nothing final : public sluice::Handler {
  void handle(const sluice::Event&, sluice::Changes&) override {}
};
}  // namespace
SLUICE_PLUGIN("bad_option", "1.0.0",
              sluice::handler<Nothing>("nothing").option(sluice::duration_option("timeout", "soon")))
