/** What calls to other services say of the global transaction for which they are made. */
package io.pactor.spring.transaction;
