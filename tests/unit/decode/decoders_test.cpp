#include "decode/decoders.hpp"

#include <gtest/gtest.h>

#include <set>

#include "decoding.hpp"

namespace sluice::engine {
namespace {

TEST(Decoders, have_the_names_that_configurations_use) {
  std::vector<std::string_view> names;
  for (const DecoderSpec& spec : decoders()) names.push_back(spec.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"debezium_outbox", "outbox_router", "cloudevents",
                                                  "outbox_row", "plain"}));
  EXPECT_EQ(find_decoder("avro"), nullptr);
}

TEST(Decoders, describe_each_option_once_and_with_a_default_that_its_type_allows) {
  for (const DecoderSpec& spec : decoders()) {
    std::set<std::string> names;
    for (const OptionSpec& option : spec.options) {
      EXPECT_TRUE(names.insert(option.name).second) << spec.name << "." << option.name;
      EXPECT_FALSE(option.help.empty() || option.help.ends_with('.')) << spec.name << "." << option.name;
      EXPECT_TRUE(!option.fallback || parse_option(option, *option.fallback))
          << spec.name << "." << option.name;
    }
  }
}

TEST(Decoders, work_with_their_defaults) {
  for (const DecoderSpec& spec : decoders()) {
    const std::map<std::string, std::string> needed = spec.name == "plain"
                                                          ? std::map<std::string, std::string>{{"type", "=T"}}
                                                          : std::map<std::string, std::string>{};
    EXPECT_EQ(decode(*decoder(spec.name, needed), Sent{.value = ""}).code, Code::decode_empty);
  }
}

TEST(Decoders, have_no_payload_without_an_event) {
  const auto made = decoder("plain", {{"type", "=T"}});
  EXPECT_FALSE(made->payload());
  EXPECT_TRUE(decode(*made, Sent{.value = "{}"}).is_event);
  EXPECT_TRUE(decode(*made, Record{}).passed_over);
  EXPECT_FALSE(made->payload());
}

}  // namespace
}  // namespace sluice::engine
