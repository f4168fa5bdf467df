#include "kit/words.hpp"

#include <array>

namespace sluice::kit {
namespace {

constexpr std::array first_name_list{
    Name{"Anna", "anna"},       Name{"Clara", "clara"},     Name{"Maria", "maria"},
    Name{"Sofia", "sofia"},     Name{"Emma", "emma"},       Name{"Olivia", "olivia"},
    Name{"Ava", "ava"},         Name{"Mia", "mia"},         Name{"Luna", "luna"},
    Name{"Zoë", "zoe"},         Name{"Chloé", "chloe"},     Name{"Ines", "ines"},
    Name{"Aylin", "aylin"},     Name{"Yuki", "yuki"},       Name{"Mei", "mei"},
    Name{"Priya", "priya"},     Name{"Ananya", "ananya"},   Name{"Fatima", "fatima"},
    Name{"Leila", "leila"},     Name{"Amara", "amara"},     Name{"Nia", "nia"},
    Name{"Ingrid", "ingrid"},   Name{"Freya", "freya"},     Name{"Elena", "elena"},
    Name{"Irina", "irina"},     Name{"Tereza", "tereza"},   Name{"Marta", "marta"},
    Name{"Lucía", "lucia"},     Name{"Beatriz", "beatriz"}, Name{"Naomi", "naomi"},
    Name{"Ruth", "ruth"},       Name{"Hannah", "hannah"},   Name{"Grace", "grace"},
    Name{"Ivy", "ivy"},         Name{"Nora", "nora"},       Name{"Stella", "stella"},
    Name{"James", "james"},     Name{"Liam", "liam"},       Name{"Noah", "noah"},
    Name{"Oliver", "oliver"},   Name{"Ethan", "ethan"},     Name{"Lucas", "lucas"},
    Name{"Mateo", "mateo"},     Name{"José", "jose"},       Name{"Diego", "diego"},
    Name{"Tobias", "tobias"},   Name{"Jonas", "jonas"},     Name{"Lukas", "lukas"},
    Name{"Björn", "bjorn"},     Name{"Lars", "lars"},       Name{"Erik", "erik"},
    Name{"Jürgen", "jurgen"},   Name{"Pavel", "pavel"},     Name{"Ivan", "ivan"},
    Name{"Dmitri", "dmitri"},   Name{"Marek", "marek"},     Name{"Omar", "omar"},
    Name{"Yusuf", "yusuf"},     Name{"Khalid", "khalid"},   Name{"Kwame", "kwame"},
    Name{"Kofi", "kofi"},       Name{"Tunde", "tunde"},     Name{"Ravi", "ravi"},
    Name{"Arjun", "arjun"},     Name{"Vikram", "vikram"},   Name{"Kenji", "kenji"},
    Name{"Hiroshi", "hiroshi"}, Name{"Wei", "wei"},         Name{"Jun", "jun"},
    Name{"Minh", "minh"},       Name{"Samuel", "samuel"},   Name{"David", "david"},
    Name{"Daniel", "daniel"},   Name{"Adam", "adam"},       Name{"Peter", "peter"},
    Name{"Simon", "simon"},     Name{"Theo", "theo"},       Name{"Hugo", "hugo"},
    Name{"Oscar", "oscar"},     Name{"Felix", "felix"}};

constexpr std::array last_name_list{Name{"Rivera", "rivera"},
                                    Name{"Novak", "novak"},
                                    Name{"Okafor", "okafor"},
                                    Name{"Haddad", "haddad"},
                                    Name{"Smith", "smith"},
                                    Name{"Johnson", "johnson"},
                                    Name{"Williams", "williams"},
                                    Name{"Brown", "brown"},
                                    Name{"Jones", "jones"},
                                    Name{"Garcia", "garcia"},
                                    Name{"Miller", "miller"},
                                    Name{"Davis", "davis"},
                                    Name{"Martinez", "martinez"},
                                    Name{"Lopez", "lopez"},
                                    Name{"Wilson", "wilson"},
                                    Name{"Anderson", "anderson"},
                                    Name{"Taylor", "taylor"},
                                    Name{"Thomas", "thomas"},
                                    Name{"Moore", "moore"},
                                    Name{"Jackson", "jackson"},
                                    Name{"Martin", "martin"},
                                    Name{"Lee", "lee"},
                                    Name{"Thompson", "thompson"},
                                    Name{"White", "white"},
                                    Name{"Harris", "harris"},
                                    Name{"Clark", "clark"},
                                    Name{"Lewis", "lewis"},
                                    Name{"Young", "young"},
                                    Name{"Walker", "walker"},
                                    Name{"Hall", "hall"},
                                    Name{"Allen", "allen"},
                                    Name{"King", "king"},
                                    Name{"Wright", "wright"},
                                    Name{"Scott", "scott"},
                                    Name{"Green", "green"},
                                    Name{"Baker", "baker"},
                                    Name{"Adams", "adams"},
                                    Name{"Nelson", "nelson"},
                                    Name{"Núñez", "nunez"},
                                    Name{"Peña", "pena"},
                                    Name{"Müller", "muller"},
                                    Name{"Schröder", "schroder"},
                                    Name{"Weiß", "weiss"},
                                    Name{"Fischer", "fischer"},
                                    Name{"Weber", "weber"},
                                    Name{"Koch", "koch"},
                                    Name{"Bauer", "bauer"},
                                    Name{"Richter", "richter"},
                                    Name{"Kowalski", "kowalski"},
                                    Name{"Nowak", "nowak"},
                                    Name{"Horváth", "horvath"},
                                    Name{"Dvořák", "dvorak"},
                                    Name{"Ivanov", "ivanov"},
                                    Name{"Petrov", "petrov"},
                                    Name{"Larsen", "larsen"},
                                    Name{"Nilsson", "nilsson"},
                                    Name{"Østergaard", "ostergaard"},
                                    Name{"Virtanen", "virtanen"},
                                    Name{"Rossi", "rossi"},
                                    Name{"Ferrari", "ferrari"},
                                    Name{"Bianchi", "bianchi"},
                                    Name{"Silva", "silva"},
                                    Name{"Santos", "santos"},
                                    Name{"Costa", "costa"},
                                    Name{"Oliveira", "oliveira"},
                                    Name{"Dubois", "dubois"},
                                    Name{"Lefèvre", "lefevre"},
                                    Name{"Moreau", "moreau"},
                                    Name{"Tanaka", "tanaka"},
                                    Name{"Suzuki", "suzuki"},
                                    Name{"Kobayashi", "kobayashi"},
                                    Name{"Nguyen", "nguyen"},
                                    Name{"Tran", "tran"},
                                    Name{"Chen", "chen"},
                                    Name{"Wang", "wang"},
                                    Name{"Zhang", "zhang"},
                                    Name{"Kim", "kim"},
                                    Name{"Park", "park"},
                                    Name{"Singh", "singh"},
                                    Name{"Patel", "patel"},
                                    Name{"Sharma", "sharma"},
                                    Name{"Gupta", "gupta"},
                                    Name{"Khan", "khan"},
                                    Name{"Ahmed", "ahmed"},
                                    Name{"Hassan", "hassan"},
                                    Name{"Mensah", "mensah"},
                                    Name{"Abebe", "abebe"},
                                    Name{"O'Brien", "obrien"},
                                    Name{"Murphy", "murphy"},
                                    Name{"Kelly", "kelly"}};

constexpr std::array region_list{Region{"AZ", "America/Phoenix"},     Region{"CA", "America/Los_Angeles"},
                                 Region{"CO", "America/Denver"},      Region{"FL", "America/New_York"},
                                 Region{"GA", "America/New_York"},    Region{"HI", "Pacific/Honolulu"},
                                 Region{"IA", "America/Chicago"},     Region{"ID", "America/Boise"},
                                 Region{"IL", "America/Chicago"},     Region{"IN", "America/Indianapolis"},
                                 Region{"LA", "America/Chicago"},     Region{"MA", "America/New_York"},
                                 Region{"MI", "America/Detroit"},     Region{"MN", "America/Chicago"},
                                 Region{"MO", "America/Chicago"},     Region{"MT", "America/Denver"},
                                 Region{"NC", "America/New_York"},    Region{"NJ", "America/New_York"},
                                 Region{"NM", "America/Denver"},      Region{"NV", "America/Los_Angeles"},
                                 Region{"NY", "America/New_York"},    Region{"OH", "America/New_York"},
                                 Region{"OR", "America/Los_Angeles"}, Region{"PA", "America/New_York"},
                                 Region{"TN", "America/Chicago"},     Region{"TX", "America/Chicago"},
                                 Region{"UT", "America/Denver"},      Region{"VA", "America/New_York"},
                                 Region{"VT", "America/New_York"},    Region{"WA", "America/Los_Angeles"},
                                 Region{"WI", "America/Chicago"},     Region{"WY", "America/Denver"}};

constexpr std::array pastime_list{Pastime{"Board Games", "board_games"},
                                  Pastime{"Cycling", "cycling"},
                                  Pastime{"Hiking", "hiking"},
                                  Pastime{"Yoga", "yoga"},
                                  Pastime{"Photography", "photography"},
                                  Pastime{"Book Club", "book_club"},
                                  Pastime{"Cooking Class", "cooking_class"},
                                  Pastime{"Running", "running"},
                                  Pastime{"Swimming", "swimming"},
                                  Pastime{"Rock Climbing", "rock_climbing"},
                                  Pastime{"Chess", "chess"},
                                  Pastime{"Language Exchange", "language_exchange"},
                                  Pastime{"Live Music", "live_music"},
                                  Pastime{"Pottery", "pottery"},
                                  Pastime{"Gardening", "gardening"},
                                  Pastime{"Kayaking", "kayaking"},
                                  Pastime{"Film Night", "film_night"},
                                  Pastime{"Volleyball", "volleyball"},
                                  Pastime{"Birdwatching", "birdwatching"},
                                  Pastime{"Street Food Tour", "street_food_tour"},
                                  Pastime{"Coding Evening", "coding_evening"},
                                  Pastime{"Choir", "choir"},
                                  Pastime{"Tennis", "tennis"},
                                  Pastime{"Stargazing", "stargazing"}};

constexpr std::array<std::string_view, 10> language_list{"en", "es", "fr", "de", "pt",
                                                         "it", "ja", "vi", "hi", "pl"};

constexpr std::array<std::string_view, 5> mail_domain_list{"example.org", "example.com", "example.net",
                                                           "mail.example.org", "post.example.com"};

constexpr std::array<std::string_view, 12> city_prefix_list{
    "North", "South", "East", "West", "New", "Lake", "Port", "Mount", "Old", "Upper", "Lower", "Fort"};

constexpr std::array<std::string_view, 32> city_stem_list{
    "Ashlee",  "Tobias", "Marlow", "Briarwood", "Carmen",  "Dalton", "Elwood", "Fairhaven",
    "Greta",   "Harlan", "Iris",   "Jasper",    "Kendall", "Linden", "Maren",  "Nolan",
    "Orchard", "Paloma", "Quincy", "Rowan",     "Selma",   "Tamsin", "Umber",  "Verona",
    "Willow",  "Yarrow", "Zelda",  "Brooke",    "Corinth", "Dover",  "Easton", "Felton"};

constexpr std::array<std::string_view, 10> street_kind_list{
    "Street", "Avenue", "Lane", "Road", "Drive", "Boulevard", "Court", "Way", "Terrace", "Square"};

constexpr std::array<std::string_view, 10> venue_kind_list{
    "Park",    "Hall",  "Community Center", "Library",  "Café",
    "Gardens", "Arena", "Studio",           "Pavilion", "Clubhouse"};

constexpr std::array<std::string_view, 10> invitation_list{"All levels are welcome; bring a friend.",
                                                           "Beginners are very welcome.",
                                                           "We meet at the entrance, come a little early.",
                                                           "Please bring water and good shoes.",
                                                           "No experience needed, only curiosity.",
                                                           "Afterwards we go for a coffee.",
                                                           "Equipment is provided.",
                                                           "A small group, so join soon.",
                                                           "Rain or shine!",
                                                           "Children are welcome with their parents."};

constexpr std::array<std::string_view, 4> role_list{"guest", "member", "organizer", "volunteer"};

constexpr std::array<std::string_view, 8> greeting_list{"Looking forward to it!",
                                                        "See you there.",
                                                        "I will bring snacks.",
                                                        "First time for me, a little nervous.",
                                                        "Count me in!",
                                                        "Can I bring a friend?",
                                                        "Thanks for organizing this.",
                                                        "Will be a few minutes late."};

}  // namespace

std::span<const Name> first_names() noexcept { return first_name_list; }
std::span<const Name> last_names() noexcept { return last_name_list; }
std::span<const Region> regions() noexcept { return region_list; }
std::span<const Pastime> pastimes() noexcept { return pastime_list; }
std::span<const std::string_view> languages() noexcept { return language_list; }
std::span<const std::string_view> mail_domains() noexcept { return mail_domain_list; }
std::span<const std::string_view> city_prefixes() noexcept { return city_prefix_list; }
std::span<const std::string_view> city_stems() noexcept { return city_stem_list; }
std::span<const std::string_view> street_kinds() noexcept { return street_kind_list; }
std::span<const std::string_view> venue_kinds() noexcept { return venue_kind_list; }
std::span<const std::string_view> invitations() noexcept { return invitation_list; }
std::span<const std::string_view> roles() noexcept { return role_list; }
std::span<const std::string_view> greetings() noexcept { return greeting_list; }

}  // namespace sluice::kit
