// Handlers that cannot be made.
#include <stdexcept>

#include "sluice/plugin.hpp"
namespace {
template <class Thrown>
class Unmade final : public sluice::Handler {
 public:
  Unmade() { throw Thrown("the constructor said no"); }
  void handle(const sluice::Event&, sluice::Changes&) override {}
};
struct Number {
  explicit Number(const char*) {}
};
class AsksForTooMuch final : public sluice::Handler {
 public:
  explicit AsksForTooMuch(const sluice::Options& options) { asked_ = options.text("never_declared"); }
  void handle(const sluice::Event&, sluice::Changes&) override {}

 private:
  std::string asked_;
};
}  // namespace
SLUICE_PLUGIN("throws_in_constructor", "1.0.0", sluice::handler<Unmade<sluice::Reject>>("rejects"),
              sluice::handler<Unmade<std::runtime_error>>("throws"),
              sluice::handler<Unmade<Number>>("throws_strangely"),
              sluice::handler<AsksForTooMuch>("asks_for_too_much"))
