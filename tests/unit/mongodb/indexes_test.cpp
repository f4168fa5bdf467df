#include <gtest/gtest.h>

#include "mongodb/collections.hpp"
#include "mongodb/indexes.hpp"
#include "sluice/bson_writer.hpp"
#include "support/document.hpp"

namespace sluice::engine::mongodb {
namespace {

std::string written(const IndexSpec& index) {
  bson::Writer out;
  out.begin_array("i");
  write_index(index, out);
  return json(bson::View(out.finish().find("i").data).begin()->value.as_document().value());
}

TEST(Indexes, are_named_as_mongodb_names_them) {
  EXPECT_EQ(written({.keys = {{"contact.email"}, {"n", true}}}),
            json(Document("{'key':{'contact.email':1,'n':-1},'name':'contact.email_1_n_-1'}").view()));
}

TEST(Indexes, that_are_unique_leave_out_documents_without_the_fields) {
  EXPECT_EQ(written({.keys = {{"a"}, {"b"}}, .unique = true}),
            json(Document("{'key':{'a':1,'b':1},'name':'a_1_b_1','unique':true,"
                          "'partialFilterExpression':{'a':{'$exists':true},'b':{'$exists':true}}}")
                     .view()));
}

TEST(Indexes, that_are_there_are_compared_as_mongodb_compares_them) {
  const auto difference = [](const IndexSpec& wanted, std::string_view there) {
    return index_difference(wanted, Document(there).view());
  };
  const IndexSpec plain{.keys = {{"a"}, {"b", true}}};
  EXPECT_EQ(difference(plain, "{'name':'mine','key':{'a':1,'b':-1.0}}"), "");
  EXPECT_EQ(difference(plain, "{'key':{'a':1}}"), "has other keys");
  EXPECT_EQ(difference(plain, "{'key':{'b':-1,'a':1}}"), "has other keys");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':1}}"), "has other keys");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1,'c':1}}"), "has other keys");
  EXPECT_EQ(difference(plain, "{'key':{'a':'hashed','b':-1}}"), "has other keys");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1},'unique':true}"), "is unique");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1},'sparse':true}"), "is sparse");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1},'partialFilterExpression':{'a':1}}"),
            "takes other documents (partialFilterExpression)");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1},'expireAfterSeconds':60}"),
            "has documents deleted (expireAfterSeconds)");
  EXPECT_EQ(difference(plain, "{'key':{'a':1,'b':-1},'collation':{'locale':'de'}}"), "has a collation");

  const IndexSpec unique{.keys = {{"a"}, {"b"}}, .unique = true};
  const auto with_filter = [&](const std::string& filter) {
    return difference(unique, "{'key':{'a':1,'b':1},'unique':true,'partialFilterExpression':" + filter + "}");
  };
  EXPECT_EQ(with_filter("{'b':{'$exists':true},'a':{'$exists':1}}"), "");
  for (const char* other : {"{'a':{'$exists':true}}", "{'a':{'$exists':true},'b':{'$exists':false}}",
                            "{'a':{'$exists':true},'b':{'$exists':true,'$gt':1}}",
                            "{'a':{'$exists':true},'b':{'$exists':true},'c':{'$exists':true}}"})
    EXPECT_EQ(with_filter(other), "takes other documents (partialFilterExpression)") << other;
  EXPECT_EQ(difference(unique, "{'key':{'a':1,'b':1},'unique':true}"),
            "takes documents without its fields, too (partialFilterExpression)");
  EXPECT_EQ(difference(unique, "{'key':{'a':1,'b':1}}"), "is not unique");
}

TEST(Validators, must_let_documents_have_the_marks) {
  const auto allows = [](std::string_view validator) {
    return validator_allows_marks(Document(validator).view());
  };
  EXPECT_TRUE(allows("{}"));
  EXPECT_TRUE(allows("{'name':{'$type':'string'}}"));
  EXPECT_TRUE(allows("{'$jsonSchema':{'required':['name']}}"));
  EXPECT_TRUE(allows("{'$jsonSchema':{'properties':{'_sluice':{}},'additionalProperties':false}}"));
  EXPECT_TRUE(allows("{'$jsonSchema':{'patternProperties':{'^_':{}},'additionalProperties':false}}"));
  EXPECT_FALSE(allows("{'$jsonSchema':{'properties':{'name':{}},'additionalProperties':false}}"));
  EXPECT_FALSE(allows("{'$jsonSchema':{'additionalProperties':false}}"));
}

}  // namespace
}  // namespace sluice::engine::mongodb
