// What is found out from a file alone, before anything of it is loaded.
#include <dlfcn.h>
#include <elf.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>
#include <random>

#include "fixture.hpp"
#include "support/temp_folder.hpp"

namespace sluice::engine {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const fs::path& file) {
  const auto manifest = read_manifest(file);
  if (manifest) return "accepted";
  EXPECT_EQ(manifest.error().code, Code::plugin_refused);
  EXPECT_THAT(manifest.error().message, HasSubstr(file.string()));
  return manifest.error().message;
}

class PluginFile : public testing::Test {
 protected:
  // The good plugin's bytes, to be spoiled.
  std::string bytes_ = [] {
    const TempFolder any;
    return any.read(bad_plugin("good").string());
  }();
  TempFolder folder_;

  std::string refusal_of(const std::string& bytes) { return refusal(folder_.write("good.so", bytes)); }
  template <class T>
  void put(std::size_t offset, T value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof value);
  }
};

TEST_F(PluginFile, says_its_name_and_versions) {
  const auto manifest = read_manifest(bad_plugin("good"));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->name, "good");
  EXPECT_EQ(manifest->version, "1.2.3");
  EXPECT_EQ(manifest->sdk_version, "0.1.0");
  EXPECT_EQ(manifest->abi_major, 1U);
}

TEST_F(PluginFile, may_be_stripped) {
  const auto manifest = read_manifest(fs::path(STRIPPED_PLUGINS) / "good.so");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->version, "1.2.3");
}

TEST_F(PluginFile, that_is_not_there_is_refused) {
  EXPECT_THAT(refusal(folder_.file("none.so")), HasSubstr("does not exist"));
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("is not a file"));
}

TEST_F(PluginFile, that_is_no_elf_is_refused) {
  EXPECT_THAT(refusal_of(""), HasSubstr("not a shared library"));
  EXPECT_THAT(refusal_of("#!/bin/sh\n"), HasSubstr("not a shared library"));
  EXPECT_THAT(refusal_of(std::string(5000, '\0')), HasSubstr("not a shared library"));
}

TEST_F(PluginFile, that_is_cut_off_anywhere_is_refused) {
  for (std::size_t size = 0; size < bytes_.size(); size += size < 256 ? 1 : 997)
    EXPECT_NE(refusal_of(bytes_.substr(0, size)), "accepted") << size;
  EXPECT_THAT(refusal_of(bytes_.substr(0, bytes_.size() - 1)), HasSubstr("cut off or corrupt"));
}

TEST_F(PluginFile, with_any_bytes_changed_gives_a_manifest_or_a_refusal) {
  std::mt19937 random(3);
  const auto section_headers = [&] {
    Elf64_Ehdr header;
    std::memcpy(&header, bytes_.data(), sizeof header);
    return header.e_shoff;
  }();
  for (int round = 0; round < 500; ++round) {
    std::string spoiled = bytes_;
    for (int i = 0; i < 4; ++i) {
      const bool in_header = random() % 2 == 0;
      const std::size_t place = in_header ? random() % sizeof(Elf64_Ehdr)
                                          : section_headers + random() % (bytes_.size() - section_headers);
      spoiled[place] = static_cast<char>(random());
    }
    EXPECT_FALSE(refusal_of(spoiled).empty());
  }
}

TEST_F(PluginFile, with_headers_beyond_its_end_is_refused) {
  put(offsetof(Elf64_Ehdr, e_shoff), std::uint64_t{0xfffffffffffffff0U});
  EXPECT_THAT(refusal_of(bytes_), HasSubstr("cut off or corrupt"));
}

TEST_F(PluginFile, without_section_headers_is_refused) {
  put(offsetof(Elf64_Ehdr, e_shoff), std::uint64_t{0});
  EXPECT_THAT(refusal_of(bytes_), HasSubstr("no section headers"));
}

TEST_F(PluginFile, of_another_architecture_is_refused_with_both_named) {
  put(offsetof(Elf64_Ehdr, e_machine), std::uint16_t{EM_RISCV});
  EXPECT_THAT(refusal_of(bytes_), AllOf(HasSubstr("built for risc-v"), HasSubstr("this engine runs on")));
}

TEST_F(PluginFile, of_32_bits_or_big_endian_is_refused) {
  put(EI_CLASS, std::uint8_t{ELFCLASS32});
  EXPECT_THAT(refusal_of(bytes_), HasSubstr("another kind of machine"));
  put(EI_CLASS, std::uint8_t{ELFCLASS64});
  put(EI_DATA, std::uint8_t{ELFDATA2MSB});
  EXPECT_THAT(refusal_of(bytes_), HasSubstr("another kind of machine"));
}

TEST_F(PluginFile, that_is_no_library_is_refused) {
  put(offsetof(Elf64_Ehdr, e_type), std::uint16_t{ET_REL});
  EXPECT_THAT(refusal_of(bytes_), HasSubstr("not a shared library"));
}

TEST_F(PluginFile, of_another_name_than_its_manifest_is_refused) {
  EXPECT_THAT(refusal(folder_.write("other.so", bytes_)), HasSubstr("must be called good.so"));
}

TEST_F(PluginFile, without_a_manifest_is_refused) {
  EXPECT_THAT(refusal(bad_plugin("no_manifest")), HasSubstr("no plugin of sluice"));
}

TEST_F(PluginFile, of_another_major_version_is_refused_with_both_named) {
  EXPECT_THAT(refusal(bad_plugin("other_major")), AllOf(HasSubstr("version 2.0"), HasSubstr("version 1.0"),
                                                        HasSubstr("build it again with SDK")));
}

TEST_F(PluginFile, that_is_refused_has_run_nothing) {
  const std::string mark = folder_.file("mark");
  ASSERT_EQ(setenv("SLUICE_TEST_MARK", mark.c_str(), 1), 0);
  EXPECT_NE(refusal(bad_plugin("other_major")), "accepted");
  EXPECT_FALSE(fs::exists(mark));

  // The mark would have been left: loading it, as the engine does not, leaves it.
  void* library = dlopen(bad_plugin("other_major").c_str(), RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  EXPECT_TRUE(fs::exists(mark));
  dlclose(library);
  unsetenv("SLUICE_TEST_MARK");
}

TEST(FindPlugin, finds_the_one_of_the_name) {
  const std::vector<fs::path> folders{"/nowhere", BAD_PLUGINS};
  const auto found = find_plugin("good", folders);
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, bad_plugin("good"));
}

TEST(FindPlugin, refuses_two_of_one_name_and_names_both) {
  const std::vector<fs::path> folders{BAD_PLUGINS, STRIPPED_PLUGINS};
  const auto found = find_plugin("good", folders);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, AllOf(HasSubstr(bad_plugin("good").string()),
                                           HasSubstr(STRIPPED_PLUGINS "/good.so"), HasSubstr("remove one")));
}

TEST(FindPlugin, takes_one_file_reached_twice_for_one) {
  const TempFolder folder;
  fs::create_directory_symlink(BAD_PLUGINS, folder.path() / "again");
  const std::vector<fs::path> folders{BAD_PLUGINS, folder.path() / "again"};
  EXPECT_TRUE(find_plugin("good", folders));
}

TEST(FindPlugin, says_where_it_looked_and_what_is_near) {
  const std::vector<fs::path> folders{STRIPPED_PLUGINS};
  const auto found = find_plugin("goof", folders);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, AllOf(HasSubstr(STRIPPED_PLUGINS), HasSubstr("did you mean \"good\"")));
}

TEST(FindPlugin, refuses_names_that_lead_elsewhere) {
  const std::vector<fs::path> folders{BAD_PLUGINS};
  for (const char* name : {"../bad/good", "/tmp/good", "", "Good", "good.so"})
    EXPECT_FALSE(find_plugin(name, folders)) << name;
}

TEST(PluginFolders, come_in_the_order_that_is_documented) {
  PluginFolders folders;
  folders.command_line = {"/a"};
  folders.configuration = {"/b"};
  folders.environment = "/c:/d";
  folders.installed = "/e";
  EXPECT_THAT(folders.all(), testing::ElementsAre("/a", "/b", "/c", "/d", "/e"));
}

TEST(PluginFolders, never_hold_the_working_directory_by_accident) {
  PluginFolders folders;
  folders.environment = "::/c:";
  EXPECT_THAT(folders.all(), testing::ElementsAre("/c"));
  folders.environment = "";
  EXPECT_THAT(folders.all(), testing::IsEmpty());
}

}  // namespace
}  // namespace sluice::engine
