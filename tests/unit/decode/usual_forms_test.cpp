#include "decode/forms/usual_forms.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "captured_records.hpp"
#include "decode/formats/debezium_outbox.hpp"
#include "decode/formats/envelope_form.hpp"
#include "decoding.hpp"

namespace sluice::engine {
namespace {

std::string inserted(const std::string& id, const std::string& type = "T") {
  return R"({"before":null,"after":{"event_id":")" + id + R"(","event_type":")" + type +
         R"(","payload":"{\"id\":\")" + id + R"(\"}"},"op":"c","ts_ms":1})";
}
std::string deleted(const std::string& id) {
  return R"({"before":{"event_id":")" + id +
         R"(","event_type":"","payload":""},"after":null,"op":"d","ts_ms":2})";
}

// As the decoder goes about it.
class Learning {
 public:
  explicit Learning(std::size_t most = 4) : usual_(most, JsonLimits{}.bytes) {}

  // True: the text was as usual.
  bool read(const std::string& text) {
    if (const EnvelopeForm* form = usual_.read(text)) {
      envelope = form->envelope;
      return true;
    }
    envelope = {};
    EXPECT_TRUE(tokens_.open(text) && reader_.read(tokens_, envelope)) << text;
    if (usual_.wants(text)) usual_.learn(EnvelopeForm::make(text, 0, reader_, JsonLimits{}));
    return false;
  }
  int misfits(const std::vector<std::string>& values) {
    int misfits = 0;
    for (const std::string& text : values) misfits += read(text) ? 0 : 1;
    return misfits;
  }

  Envelope envelope;

 private:
  OutboxColumns columns_{default_options(DebeziumOutbox::options())};
  JsonTokens tokens_{JsonLimits{}};
  EnvelopeReader reader_{columns_, true};
  UsualForms<EnvelopeForm> usual_;
};

std::vector<std::string> many(std::size_t count, std::string (*make)(const std::string&)) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(make(std::to_string(i)));
  return values;
}

std::string inserted_one(const std::string& id) { return inserted(id); }

TEST(UsualForms, are_known_after_two_records_that_differ) {
  Learning learning;
  EXPECT_FALSE(learning.read(inserted("1")));
  EXPECT_FALSE(learning.read(inserted("2")));
  ASSERT_TRUE(learning.read(inserted("33")));
  EXPECT_TRUE(learning.envelope.has_after);
  EXPECT_EQ(learning.envelope.row.event_id.text, "33");
  EXPECT_EQ(learning.envelope.row.event_type.text, "T");
  EXPECT_EQ(learning.envelope.row.payload.text, R"({"id":"33"})");
  EXPECT_EQ(learning.envelope.op.text, "c");
  EXPECT_EQ(learning.envelope.members, 4U);
}

TEST(UsualForms, learn_that_a_value_varies_when_it_first_does) {
  Learning learning;
  learning.misfits(many(5, inserted_one));
  EXPECT_FALSE(learning.read(inserted("6", "Another")));
  EXPECT_TRUE(learning.read(inserted("7", "Third")));
  EXPECT_EQ(learning.envelope.row.event_type.text, "Third");
}

TEST(UsualForms, are_several) {
  Learning learning;
  int misfits = 0;
  for (int i = 0; i < 5000; ++i)
    misfits += learning.misfits({inserted(std::to_string(i)), deleted(std::to_string(i))});
  EXPECT_LT(misfits, 20);
}

TEST(UsualForms, stay_known_beside_records_for_whose_form_there_is_no_place) {
  Learning learning(1);
  learning.misfits(many(5, inserted_one));
  for (int i = 0; i < 5000; ++i) {
    EXPECT_TRUE(learning.read(inserted(std::to_string(i))));
    EXPECT_FALSE(learning.read(deleted(std::to_string(i))));
  }
}

TEST(UsualForms, give_their_place_to_others_when_no_more_records_have_them) {
  Learning learning(1);
  learning.misfits(many(5000, inserted_one));
  EXPECT_LT(learning.misfits(many(5000, deleted)), 20);
  EXPECT_LT(learning.misfits(many(5000, inserted_one)), 20);
}

TEST(UsualForms, are_given_up_for_records_that_have_none_in_common) {
  Learning learning;
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "column_" + std::to_string(i);
    EXPECT_FALSE(learning.read(R"({"after":{"event_id":"e",")" + name + R"(":1},"op":"c"})"));
  }
  EXPECT_LT(learning.misfits(many(5000, inserted_one)), 2100) << "and yet learned when there is one";
}

std::string expanded(const std::string& id) {
  return R"({"after":{"event_id":"1","event_type":"T","payload":{"id":")" + id + R"("}},"op":"c"})";
}

TEST(UsualForms, are_none_where_a_field_is_an_object) {
  Learning learning;
  EXPECT_EQ(learning.misfits(many(5000, expanded)), 5000);
  EXPECT_EQ(learning.envelope.row.payload.text, R"({"id":"4999"})");
}

// What a decoder says of a text must not depend on what it has seen before.
class SameAnswer {
 public:
  // The usual texts are read again before each text, so that their forms are not given up.
  SameAnswer(std::string name, std::map<std::string, std::string> options, std::vector<std::string> usual)
      : name_(std::move(name)), options_(std::move(options)), usual_(std::move(usual)) {}

  void expect(const std::string& text) {
    for (const std::string& one : usual_) last_ = decode(*learned_, Sent{.value = one});
    EXPECT_EQ(decode(*learned_, Sent{.value = text}), decode(*decoder(name_, options_), Sent{.value = text}))
        << text;
  }

 private:
  std::string name_;
  std::map<std::string, std::string> options_;
  std::vector<std::string> usual_;
  Answer last_;
  std::unique_ptr<Decoder> learned_ = decoder(name_, options_);
};

std::string mutated(std::string text, std::mt19937& random) {
  static const std::vector<std::string> pieces{
      "null",     "true",      "false",       "\"text\"",
      "1",        "-0",        "01",          "1.5e3",
      "1e400",    "1e",        "{}",          "[1]",
      "\"",       "\"\\\"",    "\\u00e9",     "\xff",
      "\n",       "\\",        "\\\\",        "\\ud83d",
      "\xc3\xa9", ",",         "}",           "{",
      ":",        " ",         "\"op\"",      "9223372036854775808",
      "\\u0000",  "\"after\"", "\"_sluice\"", "\"__debezium_unavailable_value\""};
  for (unsigned edits = 1 + random() % 2; edits > 0; --edits) {
    const std::size_t at = random() % text.size();
    const std::size_t length = std::min<std::size_t>(random() % 12, text.size() - at);
    text.replace(at, length, pieces[random() % pieces.size()]);
  }
  return text;
}

// Each text, usual beside the next one; and mutations of it.
void expect_the_same(const std::string& name, const std::map<std::string, std::string>& options,
                     const std::vector<std::string>& values) {
  std::mt19937 random(20261129);
  ASSERT_GT(values.size(), 3U);
  for (std::size_t i = 0; i < values.size(); ++i) {
    SameAnswer same(name, options, {values[i], values[(i + 1) % values.size()]});
    for (const std::string& text : values) same.expect(text);
    for (int round = 0; round < 60; ++round) same.expect(mutated(values[i], random));
  }
}

class UsualFormsOf : public testing::TestWithParam<const char*> {};

TEST_P(UsualFormsOf, captured_records_give_what_a_strict_reading_gives) {
  std::vector<std::string> values;
  for (const CapturedRecord& record : captured_records(GetParam()))
    if (record.value && !record.value->empty()) values.push_back(*record.value);
  expect_the_same("debezium_outbox", {}, values);
}

TEST_P(UsualFormsOf, captured_payloads_give_what_a_strict_reading_gives) {
  std::vector<std::string> payloads;
  for (const CapturedRecord& record : captured_records(GetParam())) {
    if (!record.value || record.value->empty()) continue;
    const Answer answer = decode(*decoder("debezium_outbox"), record.record());
    if (!answer.payload_json.empty()) payloads.push_back(answer.payload_json);
  }
  expect_the_same("plain", {{"type", "=T"}}, payloads);
}

INSTANTIATE_TEST_SUITE_P(Captured, UsualFormsOf,
                         testing::Values("cdc_schemaless", "cdc_schema", "cdc_unwrap",
                                         "cdc_txmeta_heartbeat"),
                         [](const auto& file) { return std::string(file.param); });

TEST(UsualForms, give_what_a_strict_reading_gives_where_payloads_are_objects) {
  SameAnswer same("debezium_outbox", {}, {expanded("1"), expanded("2")});
  for (const std::string& text : many(50, expanded)) same.expect(text);
}

TEST(UsualForms, of_documents_hold_every_kind_of_value_at_every_depth) {
  const std::string values[] = {"null",         "true",
                                "false",        "1",
                                "-0",           "5000000000",
                                "1.5",          "9223372036854775808",
                                R"("")",        R"("a\"b\u00e9")",
                                "\"\xc3\xa9\"", R"("a\u0000b")",
                                "1e300"};
  const auto document = [](const std::string& a, const std::string& b) {
    return R"({"a":)" + a + R"(,"n\u0061me":{"b":[)" + b + R"(,7,{"c":)" + a +
           R"(}],"empty":{},"none":[]},"d":)" + b + "}";
  };
  SameAnswer same("plain", {{"type", "=T"}}, {document("1", "2"), document("3", "\"4\"")});
  for (const std::string& a : values)
    for (const std::string& b : values) same.expect(document(a, b));
  same.expect(document("1e400", "1"));
  same.expect(document("1", R"("\ud800")"));
}

}  // namespace
}  // namespace sluice::engine
