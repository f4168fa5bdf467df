#include "mongodb/uri.hpp"

#include "mongodb/library.hpp"

namespace sluice::engine::mongodb {
namespace {

// libmongoc 1.23 takes a server that said it is not primary for lost until its monitor hears of it again,
// which may be a whole heartbeat later when the server had nothing to announce; its default is 10 s.
constexpr std::int32_t heartbeat_ms = 2000;

void set_if_silent(mongoc_uri_t* uri, const char* option, std::int32_t value, bool& fine) {
  if (!mongoc_uri_has_option(uri, option)) fine = mongoc_uri_set_option_as_int32(uri, option, value) && fine;
}

std::int32_t count_of(milliseconds duration) { return static_cast<std::int32_t>(duration.count()); }

Error invalid(std::string what) { return {Code::configuration_invalid, std::move(what)}; }

// Majority and journal are also set where the string names neither; `w=1` in it is the user's own choice.
bool complete_write_concern(mongoc_uri_t* uri, milliseconds time_limit) {
  mongoc_write_concern_t* concern = mongoc_write_concern_copy(mongoc_uri_get_write_concern(uri));
  if (!mongoc_uri_has_option(uri, MONGOC_URI_W)) mongoc_write_concern_set_wmajority(concern, 0);
  if (!mongoc_uri_has_option(uri, MONGOC_URI_JOURNAL)) mongoc_write_concern_set_journal(concern, true);
  if (!mongoc_uri_has_option(uri, MONGOC_URI_WTIMEOUTMS))
    mongoc_write_concern_set_wtimeout_int64(concern, time_limit.count());
  const bool acknowledged = mongoc_write_concern_is_acknowledged(concern);
  mongoc_uri_set_write_concern(uri, concern);
  mongoc_write_concern_destroy(concern);
  return acknowledged;
}

// What was written is read back to know whether it was: a secondary that lags would deny it. So what the
// string says for other programs' reads does not count here.
void read_from_primary(mongoc_uri_t* uri) {
  mongoc_read_prefs_t* primary = mongoc_read_prefs_new(MONGOC_READ_PRIMARY);
  mongoc_uri_set_read_prefs_t(uri, primary);
  mongoc_read_prefs_destroy(primary);
}

}  // namespace

Result<UriHandle> make_uri(const StoreSettings& settings) {
  start_library();
  bson_error_t error;  // not shown: it may repeat parts of the string
  UriHandle uri(mongoc_uri_new_with_error(settings.uri.c_str(), &error));
  if (!uri)
    return invalid(
        "the URI " + shown_uri(settings.uri) +
        " is no connection string of MongoDB: mongodb://user:password@host:27017/?option=value, with "
        "special characters in user and password percent-encoded");
  bool fine = true;
  set_if_silent(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, count_of(settings.socket_timeout), fine);
  set_if_silent(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, count_of(settings.server_selection_timeout),
                fine);
  set_if_silent(uri.get(), MONGOC_URI_HEARTBEATFREQUENCYMS, heartbeat_ms, fine);
  if (!mongoc_uri_has_option(uri.get(), MONGOC_URI_RETRYWRITES))
    fine = mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, true) && fine;
  if (!settings.app_name.empty() && mongoc_uri_get_appname(uri.get()) == nullptr)
    fine = mongoc_uri_set_appname(uri.get(), settings.app_name.c_str()) && fine;
  read_from_primary(uri.get());
  if (!fine) return invalid("an option of the URI " + shown_uri(settings.uri) + " or app_name is refused");
  if (!complete_write_concern(uri.get(), settings.write_timeout))
    return invalid("the URI " + shown_uri(settings.uri) +
                   " asks for a write concern of 0: nothing would ever be known to be written");
  return uri;
}

std::string shown_uri(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return "***";
  std::string shown(uri.substr(0, scheme + 3));
  std::string_view rest = uri.substr(shown.size());
  // A password may hold an '@', '/' or '?' that should have been encoded: all up to the last '@' is taken for
  // it. One behind a '?' may be in an option as well, and then nothing is sure not to be a secret.
  const std::size_t options = rest.find('?');
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos) return shown.append(rest.substr(0, options));
  if (options < at) return shown + "***";
  return shown.append("***@").append(rest.substr(at + 1, options - at - 1));
}

}  // namespace sluice::engine::mongodb
