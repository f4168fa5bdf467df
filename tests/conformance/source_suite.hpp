// The suite of sources: instantiated for each kind by the program that has the kind's world.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "source_reader.hpp"
#include "source_world.hpp"

namespace sluice::engine::conformance {

// googletest asks for it by this name.
inline void PrintTo(const WorldKind& kind, std::ostream* out) { *out << kind.name; }

inline std::string name_of(const testing::TestParamInfo<WorldKind>& kind) { return kind.param.name; }

class SourceSuite : public testing::TestWithParam<WorldKind> {
 protected:
  // Distinct, with what every kind can carry: a value.
  static std::vector<Sent> numbered(int from, int to, std::size_t size = 40) {
    std::vector<Sent> records;
    for (int i = from; i < to; ++i) {
      Sent& record = records.emplace_back();
      record.key = "key " + std::to_string(i % 7);
      record.value = R"({"number":)" + std::to_string(i) + R"(,"fill":")" + std::string(size, 'x') + "\"}";
    }
    return records;
  }

  std::vector<Sent> expected(const std::vector<Sent>& sent) const {
    std::vector<Sent> all;
    for (const Sent& record : sent) all.push_back(world_->expected(record));
    return all;
  }

  SourceReader opened(SourceReader::Starts starts = {}) {
    SourceReader reader(world_->make_source(), std::move(starts), world_->patience());
    reader.open();
    return reader;
  }

  std::unique_ptr<SourceWorld> world_ = GetParam().make();
};

// Of kinds that can hold a record without a value.
class SourceWithTombstones : public SourceSuite {};

}  // namespace sluice::engine::conformance
