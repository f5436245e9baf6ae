package io.pactor.test;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of this class are given a coordinator: see {@link PactorExtension}.
 *
 * <pre>{@code
 * @PactorTest
 * class OrderTest {
 *     @Test
 *     void refused(Pactor pactor, ScriptedParticipant participant) { ... }
 * }
 * }</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(PactorExtension.class)
public @interface PactorTest {}
