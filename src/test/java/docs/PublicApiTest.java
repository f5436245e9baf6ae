package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The table "Public API" of docs/embedding.md: what it names is there, and what a host meets when
 * it uses that is named, too.
 */
class PublicApiTest {

    private static final Pattern NAME = Pattern.compile("`([\\w.]+)`");

    /** The page says of these that they are shown, and not for a host. */
    private static final Set<String> INSIDE =
        Set.of("meter.Meter", "pactor.settings.Effective", "pactor.settings.Inputs");

    /** The page says it of all that this is made of. */
    private static final String SETTINGS = "pactor.settings.Settings";

    private static JavaClasses compiled;
    private static Set<String> packages;
    private static Set<String> listed;

    @BeforeAll
    static void read() throws IOException {
        compiled = new ClassFileImporter().importPath(Path.of("target/classes"));
        packages = compiled.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        listed = new TreeSet<>();
        String page = Files.readString(Path.of("docs/embedding.md"));
        String table = page.split("\n## Public API\n", 2)[1].split("\n## ", 2)[0];
        table.lines().filter(line -> line.startsWith("| `")).forEach(PublicApiTest::list);
        assertTrue(listed.size() > 5, listed.toString());
    }

    /** The first name of a cell has the package of all of them. */
    private static void list(String row) {
        Matcher names = NAME.matcher(row.split("\\|")[1]);
        String room = "";
        while (names.find()) {
            String name = names.group(1);
            if (packages.contains(name)) {
                compiled.stream().filter(each -> each.getPackageName().equals(name))
                    .filter(PublicApiTest::isPublic).map(JavaClass::getName)
                    .forEach(listed::add);
                continue;
            }
            room = name.contains(".") ? name.substring(0, name.lastIndexOf('.') + 1) : room;
            listed.add(name.contains(".") ? name : room + name);
        }
    }

    @Test
    void what_is_listed_is_public() {
        List<String> wrong = listed.stream().filter(name -> !compiled.contain(name)
            || !isPublic(compiled.get(name))).toList();

        assertEquals(List.of(), wrong);
    }

    @Test
    void what_they_show_is_listed() {
        Set<String> unlisted = new TreeSet<>();
        for (String name : listed) {
            if (name.equals(SETTINGS)) {
                continue;
            }
            JavaClass type = compiled.get(name);
            shown(type).filter(each -> compiled.contain(each.getName()))
                .filter(each -> isPublic(each) && !isListed(each))
                .filter(each -> !INSIDE.contains(each.getName()))
                .forEach(each -> unlisted.add(name + " shows " + each.getName()));
        }

        assertEquals(List.of(), new ArrayList<>(unlisted));
    }

    private static boolean isListed(JavaClass type) {
        return listed.contains(type.getName())
            || type.getEnclosingClass().map(PublicApiTest::isListed).orElse(false);
    }

    /** With the types around it: nested in a hidden one it is hidden. */
    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
            && type.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
    }

    private static Stream<JavaClass> shown(JavaClass type) {
        Stream<JavaType> above = Stream.concat(type.getInterfaces().stream(),
            type.getSuperclass().stream());
        Stream<JavaType> used = Stream.concat(
            type.getCodeUnits().stream().filter(PublicApiTest::isSeen)
                .flatMap(PublicApiTest::types),
            type.getFields().stream()
                .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
                .map(each -> each.getType()));
        return Stream.concat(above, used).flatMap(each -> each.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType);
    }

    private static boolean isSeen(JavaCodeUnit unit) {
        Set<JavaModifier> modifiers = unit.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC)
                || modifiers.contains(JavaModifier.PROTECTED))
            && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static Stream<JavaType> types(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
    }
}
