#include "plugin/manifest.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <vector>

#include "plugin/names.hpp"
#include "plugin/refusal.hpp"
#include "sluice/abi.h"

namespace sluice::engine {
namespace {

constexpr std::uint64_t largest_name_table = std::uint64_t{64} << 20U;

#if defined(__x86_64__)
constexpr Elf64_Half own_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half own_machine = EM_AARCH64;
#else
#error "which e_machine does a plugin for this machine have?"
#endif

std::string machine_name(Elf64_Half machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "aarch64";
    case EM_386:
      return "x86 (32 bits)";
    case EM_ARM:
      return "arm (32 bits)";
    case EM_RISCV:
      return "risc-v";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    default:
      return "machine number " + std::to_string(machine);
  }
}

// Bytes of the file, always within its size.
class Bytes {
 public:
  explicit Bytes(const std::filesystem::path& file) : in_(file, std::ios::binary | std::ios::ate) {
    if (!in_) return;
    const auto end = in_.tellg();
    if (end >= 0) size_ = static_cast<std::uint64_t>(end);
  }

  [[nodiscard]] bool readable() const { return in_.is_open() && size_.has_value(); }
  [[nodiscard]] std::uint64_t size() const { return size_.value_or(0); }

  [[nodiscard]] bool read(std::uint64_t offset, void* to, std::uint64_t count) {
    if (offset > size() || count > size() - offset) return false;
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(static_cast<char*>(to), static_cast<std::streamsize>(count));
    return in_.gcount() == static_cast<std::streamsize>(count);
  }

 private:
  std::ifstream in_;
  std::optional<std::uint64_t> size_;
};

// Finds the manifest's section; every step either succeeds or leaves the reason.
class ElfReader {
 public:
  explicit ElfReader(const std::filesystem::path& file) : file_(file), bytes_(file) {}

  [[nodiscard]] Result<sluice_manifest> manifest() {
    if (auto header = read_header(); !header) return header.error();
    auto section = find_section();
    if (!section) return section.error();
    return read_section(*section);
  }

 private:
  Error corrupt(const std::string& what) const {
    return refusal(file_, "is cut off or corrupt (" + std::to_string(bytes_.size()) + " bytes): " + what +
                              "; build or copy it again");
  }

  Result<void> read_header() {
    std::error_code error;
    if (!std::filesystem::exists(file_, error)) return refusal(file_, "does not exist");
    if (!std::filesystem::is_regular_file(file_, error)) return refusal(file_, "is not a file");
    if (!bytes_.readable()) return refusal(file_, std::string("cannot be read: ") + std::strerror(errno));

    unsigned char ident[EI_NIDENT];
    if (!bytes_.read(0, ident, sizeof ident) || std::memcmp(ident, ELFMAG, SELFMAG) != 0)
      return refusal(file_, "is not a shared library (it does not begin as an ELF file)");
    if (ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB)
      return refusal(
          file_, "was built for another kind of machine (not 64 bits, little-endian); this engine runs on " +
                     machine_name(own_machine) + ": build it for that");
    if (!bytes_.read(0, &header_, sizeof header_)) return corrupt("its header is not whole");
    if (header_.e_machine != own_machine)
      return refusal(file_, "was built for " + machine_name(header_.e_machine) + "; this engine runs on " +
                                machine_name(own_machine) + ": build it for that");
    if (header_.e_type != ET_DYN) return refusal(file_, "is an ELF file, but not a shared library");
    return {};
  }

  [[nodiscard]] Result<Elf64_Shdr> find_section() {
    if (header_.e_shoff == 0 || header_.e_shnum == 0)
      return refusal(
          file_,
          "has no section headers, so its manifest cannot be found; strip keeps them, other tools may not");
    if (header_.e_shentsize != sizeof(Elf64_Shdr)) return corrupt("its section headers have a strange size");
    std::vector<Elf64_Shdr> sections(header_.e_shnum);
    if (!bytes_.read(header_.e_shoff, sections.data(), sections.size() * sizeof(Elf64_Shdr)))
      return corrupt("its section headers lie beyond its end");
    if (header_.e_shstrndx >= sections.size()) return corrupt("it has no table of section names");

    const Elf64_Shdr& table = sections[header_.e_shstrndx];
    if (table.sh_type != SHT_STRTAB || table.sh_size > largest_name_table)
      return corrupt("its section names are none");
    std::string names(table.sh_size, '\0');
    if (!bytes_.read(table.sh_offset, names.data(), names.size()))
      return corrupt("its section names lie beyond its end");

    const auto wanted = std::find_if(sections.begin(), sections.end(), [&](const Elf64_Shdr& section) {
      return section.sh_type == SHT_PROGBITS && name_at(names, section.sh_name) == SLUICE_MANIFEST_SECTION;
    });
    if (wanted == sections.end())
      return refusal(file_,
                     "is a library, but no plugin of sluice: it has no manifest; is SLUICE_PLUGIN(…) in one "
                     "of its sources?");
    return *wanted;
  }

  static std::string_view name_at(const std::string& names, std::uint64_t offset) {
    if (offset >= names.size()) return {};
    const std::string_view rest = std::string_view(names).substr(offset);
    return rest.substr(0, rest.find('\0'));
  }

  [[nodiscard]] Result<sluice_manifest> read_section(const Elf64_Shdr& section) {
    sluice_manifest manifest{};
    constexpr std::size_t up_to_versions = offsetof(sluice_manifest, name);
    const std::uint64_t size = std::min<std::uint64_t>(section.sh_size, sizeof manifest);
    if (size < up_to_versions || !bytes_.read(section.sh_offset, &manifest, size))
      return corrupt("its manifest is not whole");
    if (std::memcmp(manifest.magic, SLUICE_MANIFEST_MAGIC, sizeof manifest.magic) != 0)
      return corrupt("its manifest does not begin as one");
    // Another major version may have another shape: only what comes before is looked at then.
    if (manifest.abi_major == SLUICE_ABI_MAJOR &&
        (manifest.size < sizeof manifest || section.sh_size < manifest.size))
      return corrupt("its manifest is smaller than it must be");
    return manifest;
  }

  std::filesystem::path file_;
  Bytes bytes_;
  Elf64_Ehdr header_{};
};

// A zero-terminated text of a fixed field, or nothing.
template <std::size_t Size>
std::optional<std::string> field(const char (&bytes)[Size]) {
  const void* zero = std::memchr(bytes, 0, Size);
  if (zero == nullptr) return std::nullopt;
  return std::string(bytes);
}

std::string contract(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + '.' + std::to_string(minor);
}

}  // namespace

Result<Manifest> read_manifest(const std::filesystem::path& file) {
  const auto raw = ElfReader(file).manifest();
  if (!raw) return raw.error();
  if (raw->abi_major != SLUICE_ABI_MAJOR)
    return refusal(file, "was built for version " + contract(raw->abi_major, raw->abi_minor) +
                             " of the plugin contract, this engine speaks version " +
                             contract(SLUICE_ABI_MAJOR, SLUICE_ABI_MINOR) + ": build it again with SDK " +
                             SLUICE_SDK_VERSION);
  const auto name = field(raw->name);
  const auto version = field(raw->version);
  const auto sdk_version = field(raw->sdk_version);
  if (!name || !is_name(*name)) return refusal(file, "has a manifest without a valid name");
  if (!version || !is_printable(*version)) return refusal(file, "has a manifest without a valid version");
  if (!sdk_version || !is_printable(*sdk_version))
    return refusal(file, "has a manifest without a valid SDK version");
  if (file.filename() != *name + ".so")
    return refusal(file, "says that its name is \"" + *name + "\": its file must be called " + *name + ".so");
  return Manifest{file, *name, *version, *sdk_version, raw->abi_major, raw->abi_minor};
}

}  // namespace sluice::engine
