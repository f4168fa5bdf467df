#include <gtest/gtest.h>

#include "mongodb/collections.hpp"
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
