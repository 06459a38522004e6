# %% step:a
s = "ünïcode 🎉 {{$.inputs}} {{workflow.name}} ${X} $(Y) \\ \" ' \x00 \r\n\t end"
t = {"{{k}}": "{{v}}", "$(a)": ["{{$}}"]}
# %% step:b
print(ascii(s), s == "ünïcode 🎉 {{$.inputs}} {{workflow.name}} ${X} $(Y) \\ \" ' \x00 \r\n\t end")
print(ascii(t))
