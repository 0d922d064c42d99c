"""Days as text names them: month names in the web's languages, numbers where their order is certain. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

# No page is older than the web; in running text a smaller number is a price or a founding year.
_YEAR = r"(?:199\d|20\d\d)"
_WORD = r"[^\W\d_]{3,14}"
_ORDINAL = r"(?:st|nd|rd|th|er|\.|º|ª)?"
_DAY_FIRST = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}}){_ORDINAL}[ \-]{{0,2}}(?:de |of |d['’])?({_WORD})\.?,?[ \-]{{0,2}}(?:de |del )?"
    rf"({_YEAR})(?!\d)"
)
_MONTH_FIRST = re.compile(rf"(?<![^\W\d_])({_WORD})\.? {{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?(?:, ?| )({_YEAR})(?!\d)")
# A month and a day whose year readers know: a space, a comma or the end stands where it would.
_YEARLESS = re.compile(
    rf"(?<![^\W\d_])({_WORD})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?![\d.:/-]*\d)(?!,? {_YEAR})"
    rf"|(?<![\d.,:/-])(\d{{1,2}}){_ORDINAL} (?:de |of )?({_WORD})(?!\.?,? (?:de |del )?{_YEAR})"
)
_YEAR_WORD = re.compile(rf"(?<!\d)({_YEAR})\.? (?:m\. )?({_WORD})\.? (\d{{1,2}})(?!\d)")
_YEAR_FIRST = re.compile(rf"(?<!\d)({_YEAR}) ?[-/.年년] ?(\d{{1,2}}) ?[-/.月월] ?(\d{{1,2}})(?!\d)")
_NUMBERS = re.compile(rf"(?<![\d.,/-])(\d{{1,2}})(\. ?|[/-])(\d{{1,2}})\2({_YEAR}|\d\d(?=[\s,|)]|$))(?![\d.])")

# Month names and their short forms, as the Unicode CLDR spells them: where a date is written and alone.
_NAMES = """
january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari tammikuuta tammi tammikuu
janúar jaanuar jaan janvāris sausio saus stycznia sty styczeń ledna led leden januára január januarja siječnja
sij siječanj ianuarie ian ιανουαρίου ιαν ιανουάριος ocak oca yanvar gener xaneiro urtarrila январь января янв
јануар јануари јан януари яну січня січ студзеня հունվարի հունվար იანვარი ינואר يناير جنوری ژانویه जनवरी
জানুয়ারি มกราคม қаңтар

february feb februar feber février févr fév febrero fevereiro fev febbraio februari helmikuuta helmi helmikuu
febrúar veebruar veebr februāris febr vasario vas lutego lut luty února úno únor februára február februarja
veljače velj veljača februarie φεβρουαρίου φεβ φεβρουάριος şubat şub fevral febrer febreiro otsaila февраль
февраля февр фев фебруар фебруари феб февруари лютого лют лютага փետրվարի փետրվար თებერვალი פברואר فبراير فروری
فوریه फ़रवरी फरवरी ফেব্রুয়ারি กุมภาพันธ์ ақпан

march mar märz mär maerz mars marzo março marco maart mrt maaliskuuta maalis maaliskuu märts marts kovo marca
marzec března bře březen marec ožujka ožu ožujak martie μαρτίου μαρ μάρτιος μάρ mart maret mac març martxoa март
марта мар марту березня бер сакавіка մարտի մարտ მარტი מרץ مارس مارچ मार्च মার্চ มีนาคม наурыз március márc

april apr avril avr abril abr aprile huhtikuuta huhti huhtikuu apríl aprill aprīlis balandžio bal kwietnia kwi
kwiecień dubna dub duben apríla aprila travnja travanj aprilie απριλίου απρ απρίλιος nisan nis aprel apirila
апрель апреля апр април квітня квіт красавіка ապրիլի ապրիլ აპრილი אפריל أبريل ابريل اپریل آوریل अप्रैल এপ্রিল
เมษายน сәуір április ápr

may mai mayo maio maggio mag mei maj toukokuuta touko toukokuu maí maijs gegužės geg maja května kvě květen mája
máj svibnja svi svibanj μαΐου μαΐ μάιος mayıs maig maiatza май мая мај травня трав մայիսի մայիս მაისი מאי مايو
مئی मई মে พฤษภาคม мамыр május

june jun juni juin junio junho giugno giu kesäkuuta kesä kesäkuu júní jún juuni jūnijs jūn birželio birž czerwca
cze czerwiec června čvn červen júna junija junij lipnja lipanj iunie iun ιουνίου ιουν ιούνιος haziran haz iyun
juny xuño ekaina июнь июня июн јун јуни юни червня черв чэрвеня հունիսի հունիս ივნისი יוני يونيو جون ژوئن जून
জুন มิถุนายน маусым június

july jul juli juillet juil julio julho luglio lug heinäkuuta heinä heinäkuu júlí júl juuli jūlijs jūl liepos
liep lipca lip lipiec července čvc červenec júla julija julij srpnja srpanj iulie iul ιουλίου ιουλ ιούλιος
temmuz tem iyul julai juliol xullo uztaila июль июля июл јул јули юли липня лип ліпеня հուլիսի հուլիս ივლისი
יולי يوليو جولائی ژوئیه जुलाई জুলাই กรกฎาคม шілде július

august aug août aout agosto ago augustus augusti elokuuta elo elokuu ágúst ágú augusts rugpjūčio rugp sierpnia
sie sierpień srpna srp srpen augusta avgusta avgust avg kolovoza kol kolovoz αυγούστου αυγ αύγουστος ağustos ağu
avqust agustus agt ogos agost abuztua август августа авг серпня серп жніўня օգոստոսի օգոստոս აგვისტო אוגוסט
أغسطس اغسطس اگست اوت अगस्त আগস্ট สิงหาคม тамыз augusztus

september sept sep septembre septiembre setiembre setembro set settembre syyskuuta syys syyskuu septembris
rugsėjo rugs września wrz wrzesień září zář septembra rujna ruj rujan septembrie σεπτεμβρίου σεπ σεπτέμβριος
eylül eyl sentyabr iraila septembar сентябрь сентября сент сен септембар септември сеп вересня вер верасня
սեպտեմբերի სექტემბერი ספטמבר سبتمبر ستمبر سپتامبر सितंबर সেপ্টেম্বর กันยายน қыркүйек szeptember szept

october oct oktober okt octobre octubre outubro out ottobre ott lokakuuta loka lokakuu október oktoober oktobris
spalio spal października paź październik října říj říjen októbra oktobra octombrie οκτωβρίου οκτ οκτώβριος ekim
eki oktyabr urria oktobar октябрь октября окт октобар октомври жовтня жовт кастрычніка հոկտեմբերի ოქტომბერი
אוקטובר أكتوبر اكتوبر اکتوبر اکتبر अक्टूबर অক্টোবর ตุลาคม қазан

november nov novembre noviembre novembro marraskuuta marras marraskuu nóvember novembris lapkričio lapkr
listopada lis listopad listopadu novembra studenoga studenog stu studeni noiembrie νοεμβρίου νοε νοέμβριος kasım
kas noyabr azaroa novembar nopember ноябрь ноября нояб новембар нов ноември лістапада նոյեմբերի նոյեմբեր
ნოემბერი נובמבר نوفمبر نومبر نوامبر नवंबर নভেম্বর พฤศจิกายน қараша листопада лист

december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des joulukuuta joulu joulukuu
detsember dets decembris gruodžio gruod grudnia gru grudzień prosince pro prosinec decembra prosinca prosinac
decembrie δεκεμβρίου δεκ δεκέμβριος aralık ara desembre decembro abendua disember dis dekabr decembar декабрь
декабря дек децембар декември грудня груд снежня դեկտեմբերի დეკემბერი דצמבר ديسمبر دسمبر دسامبر दिसंबर
ডিসেম্বর ธันวาคม желтоқсан
"""
# Croatian gave some of its Slavic neighbours' names to other months.
_CROATIAN = {"listopad": 10, "listopada": 10, "lis": 10, "srp": 7, "lip": 6}
# Languages that write 3/4/2025 for the third of April wherever they are spoken, and where English does.
_DAY_MONTH_YEAR = frozenset(
    "ar az be bg bs ca cs da de el es et fi fr gl hr id is it lv mk ms nb nl nn no pl pt ro ru sk sl sr sq th tr "
    "uk vi en-gb en-ie en-au en-nz en-in en-za en-sg en-my en-ke en-ng".split()
)

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Named:
    """A day, and where in the text it is named."""

    start: int
    end: int
    day: date


def _fold(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower().replace("\u0307", "").replace("ı", "i")


_MONTHS = {
    _fold(name): number
    for number, names in enumerate(_NAMES.strip().split("\n\n"), start=1)
    for name in names.split()
}


def find_days(text: str, locale: str | None = None) -> list[Named]:
    """The days a text names, in its order; numbers alone only where their order is certain.

    `locale` is the page's language, with its region where it names one: `de`, `en-gb`. For lines, not for articles.
    """
    locale = (locale or "").lower().replace("_", "-")
    found: list[Named] = []
    for named in sorted(_candidates(text, locale), key=lambda named: (named.start, -named.end)):
        if not found or named.start >= found[-1].end:
            found.append(named)
    return found


def find_yearless(text: str, locale: str | None = None) -> list[tuple[int, str]]:
    """Where a month and a day stand without a year, each as XML Schema writes it: `--08-05`."""
    found = []
    for match in _YEARLESS.finditer(text):
        month = _month(match[1] or match[4], (locale or "").lower())
        day = int(match[2] or match[3])
        if month and 1 <= day <= _LONGEST[month - 1]:
            found.append((match.start(), f"--{month:02}-{day:02}"))
    return found


def _candidates(text: str, locale: str) -> Iterator[Named]:
    for pattern, (year, month, day) in (
        (_DAY_FIRST, (3, 2, 1)),
        (_MONTH_FIRST, (3, 1, 2)),
        (_YEAR_WORD, (1, 2, 3)),
        (_YEAR_FIRST, (1, 2, 3)),
    ):
        for match in pattern.finditer(text):
            yield from _named(match, match[year], _month(match[month], locale), match[day])
    for match in _NUMBERS.finditer(text):
        first_day, month_number = _order(int(match[1]), int(match[3]), match[2], locale)
        if len(match[4]) == 4 or match[2].startswith("."):
            yield from _named(
                match, match[4] if len(match[4]) == 4 else f"20{match[4]}", month_number, str(first_day)
            )


def _named(match: re.Match[str], year: str, month: int | None, day: str) -> Iterator[Named]:
    try:
        yield Named(match.start(), match.end(), date(int(year), month or 0, int(day)))
    except ValueError:
        return


def _month(word: str, locale: str) -> int | None:
    if word.isdigit():
        return int(word)
    word = _fold(word)
    return (_CROATIAN.get(word) if locale[:2] in {"hr", "bs"} else None) or _MONTHS.get(word)


def _order(first: int, second: int, separator: str, locale: str) -> tuple[int, int | None]:
    """Day and month; no month where both readings are possible and the language does not say."""
    certain = not _DAY_MONTH_YEAR.isdisjoint({locale, locale.split("-", maxsplit=1)[0]})
    # dots are a day-first sign; only what calls itself English may be an American's
    if first == second or first > 12 or certain or (not locale and separator.startswith(".")):
        return first, second
    return (second, first) if second > 12 and separator == "/" else (0, None)
