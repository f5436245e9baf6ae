/** For tests of services that use Pactor. */
package io.pactor.test;
