/* Measures gp; KIND, FILE and PASSES are variables of the environment. */
kind = getenv("KIND");
integers = readvec(getenv("FILE"));
passes = eval(getenv("PASSES"));
count(limit) = my(c = 0); forprime(p = 2, limit - 1, c++); c;
answer = if(kind == "is-prime", n -> isprime(n), if(kind == "next-prime", n -> nextprime(n + 1), count));
seconds(f) = gettime(); for(i = 1, #integers, f(integers[i])); gettime() / 1000.;
median(v) = my(s = vecsort(v)); (s[(#s + 1) \ 2] + s[#s \ 2 + 1]) / 2;
empty = median(vector(passes, i, seconds(n -> n)));
time = median(vector(passes, i, seconds(answer)));
check = sum(i = 1, min(#integers, 1000), answer(integers[i]));
printf("{\"values\":{\"ns\":%.3f,\"check\":%d}}\n", (time - empty) * 1e9 / #integers, check % 2^32);
