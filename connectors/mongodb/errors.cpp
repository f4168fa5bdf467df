#include "mongodb/errors.hpp"

#include <mongoc/mongoc.h>

#include <algorithm>
#include <array>

namespace sluice::engine::mongodb {
namespace {

constexpr std::int32_t shard_key_not_found = 61;

constexpr auto table = [] {
  using enum Fault;
  return std::array{
      CodeRow{2, "BadValue", document},  // also: $inc beyond 64 bits
      CodeRow{6, "HostUnreachable", transient},
      CodeRow{7, "HostNotFound", transient},
      CodeRow{9, "FailedToParse", document},
      CodeRow{11, "UserNotFound", fatal},
      CodeRow{13, "Unauthorized", fatal},
      CodeRow{14, "TypeMismatch", document},
      CodeRow{15, "Overflow", document},
      CodeRow{16, "InvalidLength", document},
      CodeRow{18, "AuthenticationFailed", fatal},
      CodeRow{20, "IllegalOperation", fatal},
      CodeRow{22, "InvalidBSON", document},
      CodeRow{24, "LockTimeout", transient},
      CodeRow{28, "PathNotViable", document},
      CodeRow{31, "RoleNotFound", fatal},
      CodeRow{40, "ConflictingUpdateOperators", document},
      CodeRow{43, "CursorNotFound", transient},
      CodeRow{46, "LockBusy", transient},
      CodeRow{50, "MaxTimeMSExpired", transient},
      CodeRow{52, "DollarPrefixedFieldName", document},
      CodeRow{53, "InvalidIdField", document},
      CodeRow{54, "NotSingleValueField", document},
      CodeRow{55, "InvalidDBRef", document},
      CodeRow{56, "EmptyFieldName", document},
      CodeRow{57, "DottedFieldName", document},
      CodeRow{59, "CommandNotFound", fatal},
      CodeRow{61, "ShardKeyNotFound", fatal},
      CodeRow{63, "StaleShardVersion", transient},
      CodeRow{64, "WriteConcernTimeout", transient},
      CodeRow{66, "ImmutableField", document},
      CodeRow{72, "InvalidOptions", fatal},
      CodeRow{73, "InvalidNamespace", fatal},
      CodeRow{76, "NoReplicationEnabled", fatal},
      CodeRow{79, "UnknownReplWriteConcern", fatal},
      CodeRow{89, "NetworkTimeout", transient},
      CodeRow{91, "ShutdownInProgress", transient},
      CodeRow{96, "OperationFailed", transient},
      CodeRow{100, "UnsatisfiableWriteConcern", transient},  // members may come back
      CodeRow{112, "WriteConflict", transient},
      CodeRow{115, "CommandNotSupported", fatal},
      CodeRow{117, "ConflictingOperationInProgress", transient},
      CodeRow{121, "DocumentValidationFailure", document},
      CodeRow{133, "FailedToSatisfyReadPreference", transient},
      CodeRow{134, "ReadConcernMajorityNotAvailableYet", transient},
      CodeRow{148, "ReadConcernMajorityNotEnabled", fatal},
      CodeRow{166, "CommandNotSupportedOnView", fatal},
      CodeRow{168, "InvalidPipelineOperator", fatal},
      CodeRow{175, "QueryPlanKilled", transient},
      CodeRow{189, "PrimarySteppedDown", transient},
      CodeRow{225, "TransactionTooOld", transient},
      CodeRow{237, "CursorKilled", transient},
      CodeRow{239, "SnapshotTooOld", transient},
      CodeRow{246, "SnapshotUnavailable", transient},
      CodeRow{251, "NoSuchTransaction", transient},
      CodeRow{262, "ExceededTimeLimit", transient},
      CodeRow{323, "APIStrictError", fatal},
      CodeRow{365, "TemporarilyUnavailable", transient},
      CodeRow{462, "IngressRequestRateLimitExceeded", transient},
      CodeRow{8000, "AtlasError", fatal},  // of Atlas' proxy: credentials, quota, a plan that forbids it
      CodeRow{9001, "SocketException", transient},
      CodeRow{10003, "CannotGrowDocumentInCappedNamespace", document},
      CodeRow{10058, "LegacyNotPrimary", transient},
      CodeRow{10107, "NotWritablePrimary", transient},
      CodeRow{10334, "BSONObjectTooLarge", document},
      CodeRow{11000, "DuplicateKey", duplicate},
      CodeRow{11001, "DuplicateKey (legacy)", duplicate},
      CodeRow{11600, "InterruptedAtShutdown", transient},
      CodeRow{11601, "Interrupted", transient},
      CodeRow{11602, "InterruptedDueToReplStateChange", transient},
      CodeRow{12582, "DuplicateKey (mongos, legacy)", duplicate},
      CodeRow{13388, "StaleConfig", transient},
      CodeRow{13435, "NotPrimaryNoSecondaryOk", transient},
      CodeRow{13436, "NotPrimaryOrSecondary", transient},
      CodeRow{14031, "OutOfDiskSpace", transient},
      CodeRow{16500, "TooManyRequests (Azure Cosmos DB)", transient},
      CodeRow{16755, "Location16755: no geometry of an index", document},
      CodeRow{17280, "KeyTooLong", document},
      CodeRow{17419, "Location17419: the updated document is too large", document},
      CodeRow{17420, "Location17420: the document to upsert is too large", document},
  };
}();

constexpr bool in_order() {
  return std::is_sorted(table.begin(), table.end(),
                        [](const CodeRow& a, const CodeRow& b) { return a.code < b.code; });
}
static_assert(in_order());

const CodeRow* row_of(std::int32_t code) noexcept {
  const auto row = std::lower_bound(table.begin(), table.end(), code,
                                    [](const CodeRow& a, std::int32_t wanted) { return a.code < wanted; });
  return row != table.end() && row->code == code ? &*row : nullptr;
}

// What is wrong with a connection, libmongoc tells by its text alone.
bool distrusts_certificate(const Failure& failure) noexcept {
  return failure.domain == MONGOC_ERROR_SERVER_SELECTION &&
         failure.message.find("certificate verify failed") != std::string::npos;
}

}  // namespace

std::span<const CodeRow> error_table() noexcept { return table; }

Fault fault_of(std::int32_t code) noexcept {
  const CodeRow* row = row_of(code);
  return row == nullptr ? Fault::unknown : row->fault;
}

bool is_refusal(const Failure& failure) noexcept {
  constexpr std::int32_t user_not_found = 11;
  constexpr std::int32_t authentication_failed = 18;
  switch (failure.domain) {
    case 0:
    case MONGOC_ERROR_SERVER:
    case MONGOC_ERROR_QUERY:
      return failure.code == authentication_failed || failure.code == user_not_found;
    case MONGOC_ERROR_CLIENT:
      return failure.code == MONGOC_ERROR_CLIENT_AUTHENTICATE;
    default:
      return failure.domain == MONGOC_ERROR_SASL || failure.domain == MONGOC_ERROR_SCRAM;
  }
}

// Errors of libmongoc itself are of the network but for a few; those of a server go by their codes. A label
// that says it may be tried again outranks the table.
Fault fault_of(const Failure& failure) noexcept {
  using enum Fault;
  if (failure.retryable) return transient;
  if (distrusts_certificate(failure) || is_refusal(failure)) return fatal;
  switch (failure.domain) {
    case 0:
    case MONGOC_ERROR_SERVER:
    case MONGOC_ERROR_QUERY:
    case MONGOC_ERROR_WRITE_CONCERN:
      return fault_of(failure.code);
    case MONGOC_ERROR_STREAM:
      return closed;
    case MONGOC_ERROR_BSON:
      return document;
    case MONGOC_ERROR_COMMAND:
      return failure.code == MONGOC_ERROR_COMMAND_INVALID_ARG ? document : transient;
    case MONGOC_ERROR_PROTOCOL:  // a server too old for this library, or too new
      return failure.code == MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION ? fatal : transient;
    default:
      return transient;
  }
}

std::string describe(const Failure& failure) {
  const bool of_server = failure.domain == 0 || failure.domain == MONGOC_ERROR_SERVER;
  if (distrusts_certificate(failure))
    return failure.message + "; name the authority that signed it in tlsCAFile of the uri";
  if (!of_server) return failure.message;
  const CodeRow* row = row_of(failure.code);
  std::string text = (row == nullptr ? std::string("error") : std::string(row->name)) + " (" +
                     std::to_string(failure.code) + "): " + failure.message;
  if (failure.code == shard_key_not_found)
    text += "; sluice writes documents by their _id, so only _id (hashed or not) can be the shard key";
  return text;
}

Error to_error(const Failure& failure, std::string_view doing) {
  const Code code = fault_of(failure) == Fault::fatal ? Code::store_fatal : Code::store_unavailable;
  return {code, "MongoDB, " + std::string(doing) + ": " + describe(failure)};
}

}  // namespace sluice::engine::mongodb
