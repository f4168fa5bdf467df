#include "decode/forms/document_form.hpp"

#include <gtest/gtest.h>

#include "json/reader.hpp"

namespace sluice::engine {
namespace {

std::unique_ptr<DocumentForm> form_of(const std::string& json) {
  JsonReader reader;
  const auto document = reader.read_plain(json);
  return document ? DocumentForm::make(json, *document, JsonLimits{}) : nullptr;
}

// Of two texts that differ, so that it knows what varies.
std::unique_ptr<DocumentForm> form_of(const std::string& one, const std::string& other) {
  auto form = form_of(one);
  form->stencil.vary_as(form_of(other)->stencil);
  return form;
}

std::string bytes(bson::View document) {
  return {reinterpret_cast<const char*>(document.data()), document.size()};
}

std::string read_strictly(const std::string& json) {
  JsonReader reader;
  return bytes(reader.read_plain(json).value());
}

TEST(DocumentForm, makes_the_documents_of_other_texts) {
  const auto form = form_of(R"({"a":"x","b":{"c":[1,"y"],"d":true},"e":"same"})",
                            R"({"a":"","b":{"c":[2,""],"d":null},"e":"same"})");
  for (const char* json :
       {R"({"a":"longer than before","b":{"c":[5000000000,"and \"so\" on"],"d":false},"e":"same"})",
        R"({"a":null,"b":{"c":["text",1.5],"d":1},"e":"same"})",
        R"({"a":12345678901234567890,"b":{"c":[null,null],"d":null},"e":"same"})"}) {
    ASSERT_TRUE(form->stencil.read(json)) << json;
    const auto document = form->document();
    ASSERT_TRUE(document) << json;
    EXPECT_EQ(bytes(*document), read_strictly(json)) << json;
  }
}

TEST(DocumentForm, makes_none_of_a_number_that_must_be_refused) {
  const auto form = form_of(R"({"a":1})", R"({"a":2})");
  ASSERT_TRUE(form->stencil.read(R"({"a":1e400})"));
  EXPECT_FALSE(form->document());
}

TEST(DocumentForm, is_as_good_of_a_text_in_which_nothing_varies) {
  const auto form = form_of(R"({"a":{"b":[]},"c":1})", R"({"a":{"b":[]},"c":1})");
  ASSERT_TRUE(form->stencil.read(R"({"a":{"b":[]},"c":1})"));
  EXPECT_EQ(bytes(form->document().value()), read_strictly(R"({"a":{"b":[]},"c":1})"));
}

}  // namespace
}  // namespace sluice::engine
