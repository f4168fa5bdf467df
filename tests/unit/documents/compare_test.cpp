#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "documents/apply.hpp"
#include "support/document.hpp"

namespace sluice::engine {
namespace {

int compare_json(const std::string& a, const std::string& b) {
  const Document first("{'v':" + a + "}");
  const Document second("{'v':" + b + "}");
  const int result = compare(first.at("v"), second.at("v"));
  EXPECT_EQ(compare(second.at("v"), first.at("v")), -result) << a << " against " << b;
  return result;
}

TEST(Compare, puts_types_in_the_order_of_mongodb) {
  const std::vector<std::string> ascending{"null",
                                           "{'$numberDouble':'NaN'}",
                                           "{'$numberDecimal':'-Infinity'}",
                                           "-1",
                                           "0.5",
                                           "{'$numberDecimal':'0.75'}",
                                           "1",
                                           "{'$numberLong':'9223372036854775807'}",
                                           "{'$numberDecimal':'1E+6000'}",
                                           "{'$numberDouble':'Infinity'}",
                                           "''",
                                           "'a'",
                                           "'aa'",
                                           "'b'",
                                           "{}",
                                           "{'a':1}",
                                           "{'a':1,'b':1}",
                                           "{'b':1}",
                                           "{'a':'text'}",
                                           "[]",
                                           "[1]",
                                           "[1,0]",
                                           "[2]",
                                           "{'$binary':{'base64':'/w==','subType':'00'}}",
                                           "{'$binary':{'base64':'AAA=','subType':'00'}}",
                                           "{'$binary':{'base64':'AAA=','subType':'04'}}",
                                           "{'$oid':'000000000000000000000001'}",
                                           "false",
                                           "true",
                                           "{'$date':{'$numberLong':'-5'}}",
                                           "{'$date':{'$numberLong':'5'}}",
                                           "{'$timestamp':{'t':1,'i':1}}",
                                           "{'$regularExpression':{'pattern':'a','options':''}}",
                                           "{'$regularExpression':{'pattern':'a','options':'i'}}"};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = i; j < ascending.size(); ++j)
      EXPECT_EQ(compare_json(ascending[i], ascending[j]), i == j ? 0 : -1)
          << ascending[i] << " " << ascending[j];
}

TEST(Compare, takes_numbers_by_value_whatever_their_type) {
  EXPECT_EQ(compare_json("1", "1.0"), 0);
  EXPECT_EQ(compare_json("1", "{'$numberLong':'1'}"), 0);
  EXPECT_EQ(compare_json("1", "{'$numberDecimal':'1.000'}"), 0);
  EXPECT_EQ(compare_json("0.0", "{'$numberDouble':'-0.0'}"), 0);
  EXPECT_EQ(compare_json("0", "{'$numberDecimal':'-0E+3'}"), 0);
  EXPECT_EQ(compare_json("0.5", "{'$numberDecimal':'0.5'}"), 0);
  EXPECT_EQ(compare_json("0.1", "{'$numberDecimal':'0.1'}"), 1);  // the double is a little more
  EXPECT_EQ(compare_json("-7", "{'$numberDecimal':'-7.1'}"), 1);
  EXPECT_EQ(compare_json("{'$numberDecimal':'NaN'}", "{'$numberDouble':'NaN'}"), 0);
}

TEST(Compare, is_exact_where_doubles_are_not) {
  EXPECT_EQ(compare_json("9007199254740993", "9007199254740992.0"), 1);
  EXPECT_EQ(compare_json("9223372036854775807", "9223372036854775808.0"), -1);
  EXPECT_EQ(compare_json("{'$numberLong':'-9223372036854775808'}", "-9223372036854775808.0"), 0);
  EXPECT_EQ(compare_json("3", "3.5"), -1);
  EXPECT_EQ(compare_json("-3", "-3.5"), 1);
  EXPECT_EQ(
      compare_json("{'$numberDecimal':'12345678901234567890'}", "{'$numberDecimal':'12345678901234567891'}"),
      -1);
}

TEST(Compare, takes_text_by_its_bytes) {
  EXPECT_EQ(compare_json("'Z'", "'a'"), -1);
  EXPECT_EQ(compare_json("'z'", "'é'"), -1);
}

}  // namespace
}  // namespace sluice::engine
