#include "mongodb/uri.hpp"

#include <gtest/gtest.h>

namespace sluice::engine::mongodb {
namespace {

StoreSettings settings(std::string uri) {
  StoreSettings made;
  made.uri = std::move(uri);
  made.database = "d";
  return made;
}

TEST(Uri, is_completed_where_it_is_silent) {
  const auto uri = make_uri(settings("mongodb://localhost")).value();
  const mongoc_write_concern_t* concern = mongoc_uri_get_write_concern(uri.get());
  EXPECT_TRUE(mongoc_write_concern_get_wmajority(concern));
  EXPECT_TRUE(mongoc_write_concern_get_journal(concern));
  EXPECT_EQ(mongoc_write_concern_get_wtimeout_int64(concern), 10'000);
  EXPECT_TRUE(mongoc_uri_get_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, false));
  EXPECT_EQ(mongoc_uri_get_option_as_int32(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, 0), 30'000);
  EXPECT_EQ(mongoc_uri_get_option_as_int32(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 0), 5'000);
  EXPECT_STREQ(mongoc_uri_get_appname(uri.get()), "sluice");
}

TEST(Uri, what_it_says_itself_stands) {
  const auto uri = make_uri(settings("mongodb://localhost/?w=2&journal=false&wtimeoutMS=77&retryWrites=false"
                                     "&socketTimeoutMS=1&serverSelectionTimeoutMS=2&appName=mine"))
                       .value();
  const mongoc_write_concern_t* concern = mongoc_uri_get_write_concern(uri.get());
  EXPECT_EQ(mongoc_write_concern_get_w(concern), 2);
  EXPECT_FALSE(mongoc_write_concern_get_journal(concern));
  EXPECT_EQ(mongoc_write_concern_get_wtimeout_int64(concern), 77);
  EXPECT_FALSE(mongoc_uri_get_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, true));
  EXPECT_EQ(mongoc_uri_get_option_as_int32(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, 0), 1);
  EXPECT_EQ(mongoc_uri_get_option_as_int32(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 0), 2);
  EXPECT_STREQ(mongoc_uri_get_appname(uri.get()), "mine");
}

TEST(Uri, reads_from_the_primary_whatever_it_says) {
  for (const char* text :
       {"mongodb://localhost/?readPreference=secondaryPreferred",
        "mongodb://localhost/?readPreference=nearest&readPreferenceTags=dc:ny&maxStalenessSeconds=120"}) {
    const auto uri = make_uri(settings(text)).value();
    const mongoc_read_prefs_t* reads = mongoc_uri_get_read_prefs_t(uri.get());
    EXPECT_EQ(mongoc_read_prefs_get_mode(reads), MONGOC_READ_PRIMARY) << text;
  }
}

TEST(Uri, of_a_service_record_is_read_without_looking_it_up) {
  EXPECT_TRUE(make_uri(settings("mongodb+srv://user:secret@cluster0.example.mongodb.net/?appName=x")));
}

TEST(Uri, that_cannot_be_read_is_an_error_without_its_secrets) {
  for (const char* wrong : {"mongo://anna:5ecret@host", "mongodb://anna:5e@5ecret@host:port", "5ecret",
                            "mongodb://anna:5ecret/x@host/?authMechanism=5ecret"}) {
    const auto uri = make_uri(settings(wrong));
    ASSERT_FALSE(uri) << wrong;
    EXPECT_EQ(uri.error().code, Code::configuration_invalid);
    EXPECT_EQ(uri.error().message.find("5ecret"), std::string::npos) << uri.error().message;
    EXPECT_EQ(uri.error().message.find("anna"), std::string::npos) << uri.error().message;
  }
}

TEST(Uri, that_wants_no_acknowledgement_is_refused) {
  const auto uri = make_uri(settings("mongodb://localhost/?w=0&journal=false"));
  ASSERT_FALSE(uri);
  EXPECT_NE(uri.error().message.find("write concern of 0"), std::string::npos);
}

TEST(Uri, is_shown_without_user_password_and_options) {
  EXPECT_EQ(shown_uri("mongodb://u:p@a:1,b:2/d?tlsCertificateKeyFilePassword=p"), "mongodb://***@a:1,b:2/d");
  EXPECT_EQ(shown_uri("mongodb+srv://u:p@x.net"), "mongodb+srv://***@x.net");
  EXPECT_EQ(shown_uri("mongodb://localhost:27017"), "mongodb://localhost:27017");
  EXPECT_EQ(shown_uri("mongodb://u:p@q/r@host"), "mongodb://***@host");
  EXPECT_EQ(shown_uri("mongodb://u:p?q@host:1/"), "mongodb://***");
  EXPECT_EQ(shown_uri("mongodb://host/?tlsCertificateKeyFilePassword=p@q"), "mongodb://***");
  EXPECT_EQ(shown_uri("mongodb://host:1/?w=1"), "mongodb://host:1/");
}

}  // namespace
}  // namespace sluice::engine::mongodb
