// Dead letters as lines of JSON at the end of a file, each as `kcat -J` would print the letter from a topic:
// the record's key, headers and payload, and beside its own headers those of Kafka Connect and ours
// (letters/error_headers.hpp). Bytes that are not UTF-8 are {"$binary":{"base64":…}}.
//
// The file is opened for each call, so that it may be moved away at any time; a letter is on the disk when
// write() returns. A line that a crash has torn is passed over by read(), and ended by the next write().
#pragma once

#include "core/connector.hpp"

namespace sluice::engine::file {

// One thread at a time; several processes may share a file.
class FileDeadLetters final : public DeadLetters {
 public:
  explicit FileDeadLetters(std::string path);

  Result<void> open() override;
  Result<void> write(std::span<const DeadLetter> letters) override;
  Result<void> read(const std::function<bool(const DeadLetter&)>& each) override;

 private:
  std::string path_;
};

[[nodiscard]] RoleSpec<DeadLetters> dead_letters_role();

}  // namespace sluice::engine::file
