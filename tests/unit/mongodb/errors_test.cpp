#include "mongodb/errors.hpp"

#include <gtest/gtest.h>
#include <mongoc/mongoc.h>

#include <map>
#include <vector>

#include "mongodb/admission.hpp"

namespace sluice::engine::mongodb {
namespace {

// Every row, once more: a change of the table is a change of behaviour, and is made in two places.
TEST(ErrorTable, every_code_has_the_meaning_that_was_agreed) {
  const std::map<Fault, std::vector<std::int32_t>> agreed{
      {Fault::transient, {6,    7,     24,    43,    46,    50,    63,    64,    89,    91,    96,   100, 112,
                          117,  133,   134,   175,   189,   225,   237,   239,   246,   251,   262,  365, 462,
                          9001, 10058, 10107, 11600, 11601, 11602, 13388, 13435, 13436, 14031, 16500}},
      {Fault::document, {2,  9,  14, 15, 16,  22,    28,    40,    52,    53,    54,
                         55, 56, 57, 66, 121, 10003, 10334, 16755, 17280, 17419, 17420}},
      {Fault::duplicate, {11000, 11001, 12582}},
      {Fault::fatal, {11, 13, 18, 20, 31, 59, 61, 72, 73, 76, 79, 115, 148, 166, 168, 323, 8000}}};
  std::size_t rows = 0;
  for (const auto& [fault, codes] : agreed) {
    rows += codes.size();
    for (const std::int32_t code : codes) EXPECT_EQ(fault_of(code), fault) << code;
  }
  EXPECT_EQ(error_table().size(), rows);
  EXPECT_EQ(fault_of(987654), Fault::unknown);
  EXPECT_EQ(fault_of(0), Fault::unknown);
}

TEST(ErrorTable, failures_of_the_library_are_of_the_network_but_for_a_few) {
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET}), Fault::closed);
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_SERVER_SELECTION_FAILURE}),
            Fault::transient);
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_CLIENT, MONGOC_ERROR_CLIENT_AUTHENTICATE}), Fault::fatal);
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_PROTOCOL, MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION}), Fault::fatal);
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_BSON, MONGOC_ERROR_BSON_INVALID}), Fault::document);
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_SERVER, 13}), Fault::fatal);
}

TEST(ErrorTable, a_refusal_may_pass_once_we_were_let_in) {
  const auto start = Admission::Instant{} + std::chrono::hours(1);
  Admission admission;
  EXPECT_FALSE(admission.may_pass(start)) << "the credentials may be wrong";
  admission.granted();
  EXPECT_TRUE(admission.may_pass(start));
  EXPECT_TRUE(admission.may_pass(start + std::chrono::seconds(59)));
  EXPECT_FALSE(admission.may_pass(start + std::chrono::seconds(60)));
  admission.granted();
  EXPECT_TRUE(admission.may_pass(start + std::chrono::seconds(61)));
  for (const Failure& refusal : {Failure{MONGOC_ERROR_CLIENT, MONGOC_ERROR_CLIENT_AUTHENTICATE},
                                 Failure{MONGOC_ERROR_SERVER, 18}, Failure{MONGOC_ERROR_SCRAM, 1}}) {
    EXPECT_TRUE(is_refusal(refusal));
    EXPECT_EQ(fault_of(refusal), Fault::fatal);
  }
  EXPECT_FALSE(is_refusal({MONGOC_ERROR_SERVER, 13})) << "let in, but without the right";
  EXPECT_FALSE(is_refusal({MONGOC_ERROR_STREAM, MONGOC_ERROR_STREAM_SOCKET}));
}

TEST(ErrorTable, a_certificate_of_an_unknown_authority_stays_unknown) {
  const Failure failure{
      MONGOC_ERROR_SERVER_SELECTION, MONGOC_ERROR_SERVER_SELECTION_FAILURE,
      "No suitable servers found: [TLS handshake failed: certificate verify failed (20): unable to get local "
      "issuer certificate]"};
  EXPECT_EQ(fault_of(failure), Fault::fatal);
  EXPECT_TRUE(describe(failure).ends_with("tlsCAFile of the uri"));
}

TEST(ErrorTable, a_label_that_says_try_again_outranks_the_code) {
  EXPECT_EQ(fault_of(Failure{MONGOC_ERROR_SERVER, 987654, "", true}), Fault::transient);
}

TEST(ErrorTable, a_person_reads_the_name_and_the_number) {
  EXPECT_EQ(describe({MONGOC_ERROR_SERVER, 13, "not authorized on d"}),
            "Unauthorized (13): not authorized on d");
  EXPECT_EQ(describe({MONGOC_ERROR_SERVER, 987654, "x"}), "error (987654): x");
  EXPECT_EQ(describe({MONGOC_ERROR_STREAM, 4, "socket closed"}), "socket closed");
  EXPECT_EQ(to_error({MONGOC_ERROR_SERVER, 18, "no"}, "greeting").code, Code::store_fatal);
  EXPECT_EQ(to_error({MONGOC_ERROR_SERVER, 987654, "?"}, "greeting").code, Code::store_unavailable);
}

}  // namespace
}  // namespace sluice::engine::mongodb
