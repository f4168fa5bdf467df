// The fuzz entries over the captured values and over mutations of them: seeded, so that a failure comes
// again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "entries.hpp"

namespace sluice::engine {
namespace {

// All values and keys of the captured records, and a few texts of formats that none of them has.
std::vector<std::string> seeds() {
  std::vector<std::string> texts{
      R"({"specversion":"1.0","id":"e","source":"s","type":"T","time":"2026-11-21T08:06:32Z","data":{"a":1}})",
      R"({"specversion":"1.0","id":"e","source":"s","type":"T","data_base64":"eyJhIjogMX0="})",
      R"({"d":{"$date":"2026-11-21T08:06:32.584Z"},"o":{"$oid":"507f1f77bcf86cd799439011"},"n":{"$numberLong":"7"}})",
      R"({"b":{"$binary":{"base64":"AQIDBA==","subType":"00"}},"m":{"$numberDecimal":"1E+300"},"x":-1.5e-3})",
      R"({"r":{"$regularExpression":{"pattern":"^a","options":"i"}},"t":{"$timestamp":{"t":5,"i":7}},"u":"\ud83d\ude00"})",
      R"({"before":null,"after":{"event_id":"3","event_type":"T","payload":"{}"},)"
      R"("source":{"sequence":"[\"1\",\"2\"]","snapshot":"false","ts_ms":7},"op":"c","ts_ms":1})",
      R"({"event_type":"T","event_id":"e","event_type2":[true,false,null,12345678901234567890,1e400]})",
  };
  for (const auto& file : std::filesystem::directory_iterator(SLUICE_FIXTURES)) {
    if (file.path().extension() != ".ndjson") continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      const auto record = nlohmann::json::parse(line);
      for (const char* part : {"payload", "key"})
        if (record.at(part).is_string()) texts.push_back(record.at(part));
    }
  }
  return texts;
}

// A few edits: a byte changed, a piece removed, doubled or put elsewhere, the end cut off.
std::string mutated(std::string text, std::mt19937& random) {
  constexpr std::string_view telling = "{}[]\",:\\u0dtfn-.eE1 \n\0\xff\xc3\xed";
  for (unsigned edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
    const std::size_t at = random() % text.size();
    const std::size_t length = std::min<std::size_t>(1 + random() % 30, text.size() - at);
    switch (random() % 5) {
      case 0:
        text[at] = telling[random() % telling.size()];
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.insert(at, std::string(text, at, length));
        break;
      case 3:
        text.insert(random() % text.size(), std::string(text, at, length));
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

TEST(FuzzEntries, hold_on_the_captured_values_and_on_mutations_of_them) {
  const std::vector<std::string> texts = seeds();
  ASSERT_GT(texts.size(), 100U);
  std::mt19937 random(20261121);
  for (const FuzzEntry& entry : fuzz_entries())
    for (const std::string& text : texts) {
      entry.run(text);
      for (int i = 0; i < 20; ++i) entry.run(mutated(text, random));
    }
}

}  // namespace
}  // namespace sluice::engine
