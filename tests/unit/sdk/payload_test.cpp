#include <gmock/gmock.h>

#include <sluice/json.hpp>
#include <sluice/payload.hpp>

namespace sluice {
namespace {

class PayloadTest : public ::testing::Test {
 protected:
  PayloadTest() {
    append_json(writer_, nlohmann::json::parse(
                             R"({"name": "Ada", "age": 36, "big": 5000000000, "score": 1.5, "ok": true,
      "none": null, "id": "0c5c7fd0-a6a3-4450-a513-270e269e0d37", "at": "2026-11-21",
      "address": {"city": "Rome", "lines": ["a", "b"]}})"));
  }
  Payload payload() { return Payload(writer_.finish()); }

  template <class T>
  std::string refusal(std::string_view path) {
    try {
      [[maybe_unused]] const auto value = payload().require<T>(path);
    } catch (const Reject& reject) {
      return reject.what();
    }
    return "accepted";
  }

 private:
  bson::Writer writer_;
};

TEST_F(PayloadTest, gives_fields_as_the_types_that_are_asked_for) {
  EXPECT_EQ(payload().require<std::string_view>("name"), "Ada");
  EXPECT_EQ(payload().require<std::string>("address.city"), "Rome");
  EXPECT_EQ(payload().require<int>("age"), 36);
  EXPECT_EQ(payload().require<std::uint64_t>("big"), 5'000'000'000U);
  EXPECT_EQ(payload().require<double>("age"), 36.0);
  EXPECT_EQ(payload().require<bool>("ok"), true);
  EXPECT_EQ(payload().require<Uuid>("id").text(), "0c5c7fd0-a6a3-4450-a513-270e269e0d37");
  EXPECT_EQ(payload().require<Date>("at").text(), "2026-11-21T00:00:00.000Z");
  EXPECT_EQ(payload().require<bson::View>("address").find("city").as_text(), "Rome");
  EXPECT_EQ(payload().require<std::string_view>("address.lines.1"), "b");
}

TEST_F(PayloadTest, rejects_what_is_missing_with_its_path) {
  EXPECT_EQ(refusal<int>("address.number"), "the payload has no \"address.number\"");
  EXPECT_EQ(refusal<std::string_view>("name.first"), "the payload has no \"name.first\"");
}

TEST_F(PayloadTest, rejects_what_is_of_another_type_with_its_path) {
  EXPECT_EQ(refusal<Uuid>("name"), "\"name\" of the payload is not a UUID");
  EXPECT_EQ(refusal<int>("big"), "\"big\" of the payload is not a whole number within its range");
  EXPECT_EQ(refusal<int>("score"), "\"score\" of the payload is not a whole number within its range");
  EXPECT_EQ(refusal<unsigned>("none"), "\"none\" of the payload is not a whole number within its range");
}

TEST_F(PayloadTest, gives_nothing_for_what_may_be_missing_or_null) {
  EXPECT_FALSE(payload().get<int>("none"));
  EXPECT_FALSE(payload().get<int>("nowhere"));
  EXPECT_EQ(payload().get<int>("age"), 36);
  EXPECT_THROW([[maybe_unused]] auto wrong = payload().get<int>("name"), Reject);
}

}  // namespace
}  // namespace sluice
