// The kinds that need nothing but files and memory.
#include "file/dead_letters.hpp"
#include "letters_suite.hpp"
#include "memory/dead_letters.hpp"
#include "sqlite/dead_letters.hpp"

namespace sluice::engine::conformance {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Letters, DeadLettersSuite,
    testing::Values(LettersKind{"memory", false,
                                [](const TempFolder&) -> std::unique_ptr<DeadLetters> {
                                  return std::make_unique<memory::MemoryDeadLetters>();
                                }},
                    LettersKind{"sqlite", true,
                                [](const TempFolder& folder) -> std::unique_ptr<DeadLetters> {
                                  return std::make_unique<sqlite::SqliteDeadLetters>(folder.file("dead.db"),
                                                                                     milliseconds(100));
                                }},
                    LettersKind{"file", true,
                                [](const TempFolder& folder) -> std::unique_ptr<DeadLetters> {
                                  return std::make_unique<file::FileDeadLetters>(folder.file("dead.ndjson"));
                                }}),
    name_of);

}  // namespace
}  // namespace sluice::engine::conformance
