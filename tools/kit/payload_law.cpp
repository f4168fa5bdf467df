#include "kit/payload_law.hpp"

#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

namespace sluice::kit {
namespace {

constexpr std::size_t most_bytes = std::size_t{16} << 20U;
constexpr std::size_t most_levels = 100;
constexpr std::uint64_t most_keys = 100'000;

// Hears a JSON text while it is parsed, and stops at the first breach. The names are those of nlohmann's
// interface.
class Listener : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }

  bool key(string_t& name) override {
    if (++keys_ > most_keys) return stop("decode.too_many_keys");
    if (name == "_sluice" || name.find('\0') != std::string::npos) return stop("decode.reserved_name");
    return names_.back().insert(name).second || stop("decode.duplicate_key");
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int number_out_of_range = 406;
    return stop(error.id == number_out_of_range ? "decode.bad_number" : "decode.not_json");
  }

  [[nodiscard]] const std::optional<std::string>& breach() const noexcept { return breach_; }

 private:
  bool enter() {
    names_.emplace_back();
    return names_.size() <= most_levels || stop("decode.too_deep");
  }
  bool leave() {
    names_.pop_back();
    return true;
  }
  bool stop(const char* code) {
    breach_ = code;
    return false;
  }

  std::optional<std::string> breach_;
  std::vector<std::unordered_set<std::string>> names_;  // of the objects around
  std::uint64_t keys_ = 0;
};

}  // namespace

std::optional<std::string> unlawful(std::string_view payload) {
  if (payload.empty()) return "decode.empty";
  if (payload.size() > most_bytes) return "decode.too_large";
  Listener listener;
  if (nlohmann::json::sax_parse(payload, &listener)) return std::nullopt;
  return listener.breach();
}

}  // namespace sluice::kit
