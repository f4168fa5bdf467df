// Where a captured row stands in its database's log, as the decoder tells it.
#include <gtest/gtest.h>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

struct Block {
  std::string sequence = R"("[\"26511848\",\"26512032\"]")";
  std::string snapshot = R"("false")";
  std::string ts_ms = "1795248397648";
  std::string connector = "\"postgres\"";
  std::string database = "\"activity_db\"";
  std::string table = "\"event_outbox\"";

  [[nodiscard]] std::string text() const {
    return R"({"version":"3.0.8.Final","connector":"postgresql","name":)" + connector +
           ",\"ts_ms\":" + ts_ms + ",\"snapshot\":" + snapshot + ",\"db\":" + database +
           ",\"sequence\":" + sequence + R"(,"ts_us":1795248397648558,"schema":"activity","table":)" + table +
           R"(,"txId":728,"lsn":26512032,"xmin":null})";
  }
};

std::string envelope_from(const std::string& source, std::string_view op = "c",
                          std::string_view id = "\"e-1\"") {
  return R"({"before":null,"after":{"event_id":)" + std::string(id) +
         R"(,"event_type":"T","payload":"{}"},"source":)" + source + R"(,"op":")" + std::string(op) + "\"}";
}

std::optional<Origin> origin(const std::string& value,
                             const std::map<std::string, std::string>& options = {}) {
  return decode(*decoder("debezium_outbox", options), Sent{.value = value}).origin;
}
std::optional<Origin> origin(const Block& block) { return origin(envelope_from(block.text())); }

TEST(RowSource, is_the_place_in_the_log_the_time_of_the_commit_and_the_row) {
  const auto found = origin(Block{});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->commit, 26511848U);
  EXPECT_EQ(found->place, 26512032U);
  EXPECT_EQ(to_text(found->committed), "2026-11-21T08:06:37.648000Z");
  EXPECT_NE(found->row, origin(envelope_from(Block{}.text(), "c", "\"e-2\""))->row);
}

TEST(RowSource, names_the_log_by_connector_database_and_table) {
  const auto here = origin(Block{})->source;
  EXPECT_EQ(origin(Block{.ts_ms = "1"})->source, here);
  EXPECT_NE(origin(Block{.connector = "\"other\""})->source, here);
  EXPECT_NE(origin(Block{.database = "\"other\""})->source, here);
  EXPECT_NE(origin(Block{.table = "\"other\""})->source, here);
}

TEST(RowSource, takes_the_first_transaction_after_a_snapshot_for_the_lowest) {
  const auto found = origin(Block{.sequence = R"("[null,\"26512032\"]")"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->commit, 0U);
}

TEST(RowSource, reads_places_beyond_the_half_of_64_bits) {
  const auto found = origin(Block{.sequence = R"("[\"18446744073709551614\",\"18446744073709551615\"]")"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->commit, 18446744073709551614U);
  EXPECT_EQ(found->place, 18446744073709551615U);
}

TEST(RowSource, gives_nothing_where_the_sequence_is_of_another_shape) {
  for (const char* sequence :
       {"null", "7", "[1,2]", "\"\"", "\"null\"", R"("[]")", R"("[null,null]")", R"("[\"1\"]")",
        R"("[\"1\",\"2\",\"3\"]")", R"("[\"1\",\"2\"] ")", R"("[\"-1\",\"2\"]")", R"("[\"\",\"2\"]")",
        R"("[\"1\",\"2x\"]")", R"("[1,2]")", R"("[\"18446744073709551616\",\"2\"]")", R"("[\"1\",\"2\")"}) {
    EXPECT_FALSE(origin(Block{.sequence = sequence})) << sequence;
  }
}

TEST(RowSource, gives_nothing_of_snapshots) {
  for (const char* snapshot : {"\"true\"", "\"first\"", "\"last\"", "\"incremental\"", "true", "null"})
    EXPECT_FALSE(origin(Block{.snapshot = snapshot})) << snapshot;
  EXPECT_FALSE(origin(envelope_from(Block{}.text(), "r")));
  EXPECT_TRUE(origin(Block{.snapshot = "false"})) << "as older versions write it";
}

TEST(RowSource, gives_nothing_without_what_is_needed) {
  for (const char* time : {"null", "\"x\"", "-1", "1.5", "99999999999999999999", "9999999999999999999"})
    EXPECT_FALSE(origin(Block{.ts_ms = time})) << time;
  for (const char* source : {"null", "{}", "[]", "\"text\"", "7"})
    EXPECT_FALSE(origin(envelope_from(source))) << source;
  EXPECT_FALSE(origin(envelope_from(Block{}.text(), "c", "null"))) << "a row without an id";
  EXPECT_FALSE(origin(envelope_from(Block{}.text()), {{"event_id", ""}}));
}

TEST(RowSource, gives_nothing_where_each_record_counts) {
  EXPECT_FALSE(origin(envelope_from(Block{}.text()), {{"repeated", "apply"}}));
}

TEST(RowSource, is_told_of_a_row_that_is_refused) {
  const std::string value =
      R"({"after":{"event_id":"e-1","payload":"{}"},"source":)" + Block{}.text() + R"(,"op":"c"})";
  const Answer answer = decode(*decoder("debezium_outbox"), Sent{.value = value});
  EXPECT_EQ(answer.code, Code::decode_missing_field);
  EXPECT_TRUE(answer.origin);
}

}  // namespace
}  // namespace sluice::engine
